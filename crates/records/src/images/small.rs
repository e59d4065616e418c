//! Small renditions that were shown recently, so that scrolling through a pool reads and opens no file twice. Whoever asks
//! has a ticket first: what is here changes who may see what as little as the disk's own cache does.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use cutis_domain::ImageId;
use cutis_domain::image::Image;

/// How many bytes are kept, over all accounts: about eight hundred thumbnails.
const MOST: usize = 16 << 20;
/// The largest that is kept.
const LARGEST: usize = 256 << 10;

/// Which of the small renditions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Size {
    Thumbnail,
    Medium,
}

/// One rendition of one edition of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Name {
    image: ImageId,
    edition: u32,
    turns: u8,
    size: Size,
}

impl Name {
    pub(super) fn of(image: &Image, size: Size) -> Self {
        Self {
            image: image.id,
            edition: image.edition,
            turns: image.turns.quarters(),
            size,
        }
    }
}

/// The renditions, bounded in bytes. One that was asked for since it was looked at last is passed over once when room
/// is needed.
#[derive(Debug, Default)]
pub(crate) struct Small {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    kept: HashMap<Name, Kept>,
    order: VecDeque<Name>,
    bytes: usize,
}

#[derive(Debug)]
struct Kept {
    content: Arc<[u8]>,
    asked: bool,
}

impl Small {
    pub(super) fn get(&self, name: Name) -> Option<Arc<[u8]>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = inner.kept.get_mut(&name)?;
        kept.asked = true;
        Some(Arc::clone(&kept.content))
    }

    pub(super) fn put(&self, name: Name, content: &Arc<[u8]>) {
        if content.len() > LARGEST {
            return;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.kept.contains_key(&name) {
            return;
        }
        while inner.bytes.saturating_add(content.len()) > MOST {
            let Some(oldest) = inner.order.pop_front() else {
                break;
            };
            match inner.kept.get_mut(&oldest) {
                Some(kept) if kept.asked => {
                    kept.asked = false;
                    inner.order.push_back(oldest);
                }
                Some(_) => {
                    let gone = inner.kept.remove(&oldest);
                    let freed = gone.map_or(0, |kept| kept.content.len());
                    inner.bytes = inner.bytes.saturating_sub(freed);
                }
                None => {}
            }
        }
        inner.bytes = inner.bytes.saturating_add(content.len());
        inner.order.push_back(name);
        let content = Arc::clone(content);
        inner.kept.insert(
            name,
            Kept {
                content,
                asked: false,
            },
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(number: u32) -> Name {
        Name {
            image: ImageId::from_bytes(u128::from(number).to_be_bytes()),
            edition: 0,
            turns: 0,
            size: Size::Thumbnail,
        }
    }

    #[test]
    fn it_is_bounded_in_bytes_and_keeps_what_is_asked_for() {
        let small = Small::default();
        let content: Arc<[u8]> = vec![7; LARGEST].into();
        let room = u32::try_from(MOST / LARGEST).expect("small");
        for number in 0..room {
            small.put(name(number), &content);
        }
        assert!(small.get(name(0)).is_some());
        for number in room..room + 10 {
            small.put(name(number), &content);
        }
        assert!(small.get(name(0)).is_some() && small.get(name(1)).is_none());
        let inner = small.inner.lock().expect("sound");
        assert_eq!((inner.bytes, inner.kept.len()), (MOST, inner.order.len()));
    }

    #[test]
    fn what_is_large_is_not_kept_and_another_edition_is_another() {
        let small = Small::default();
        small.put(name(1), &vec![7; LARGEST + 1].into());
        assert_eq!(small.get(name(1)), None);
        small.put(name(1), &vec![7; 3].into());
        let turned = Name { turns: 1, ..name(1) };
        assert_eq!(small.get(turned), None);
    }
}
