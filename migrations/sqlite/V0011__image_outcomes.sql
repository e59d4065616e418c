-- What intake found out about an image (I2), and its rendition for sharp screens (I1). Without a value: all of the
-- picture was there, the file has one page, no medium rendition was made. Empty columns leave the digests of the rows
-- as they were attested.

ALTER TABLE image ADD COLUMN incomplete   INTEGER CHECK (incomplete = 1);
ALTER TABLE image ADD COLUMN pages        INTEGER CHECK (pages > 1);
-- Behind thumbnail and screen rendition in the derived blob.
ALTER TABLE image ADD COLUMN medium_bytes INTEGER CHECK (medium_bytes > 0);
