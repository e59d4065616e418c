//! Parent and worker talking.

use proptest::prelude::*;

use super::images::{encode_jpeg, exif, jpeg, png, scene};
use crate::derive::{derive, full, inspect};
use crate::limits::Limits;
use crate::orientation::Turns;
use crate::refusal::Refusal;
use crate::worker::{
    HEAD_BYTES, Head, Job, ProtocolError, Response, decode_response, encode_request, encode_request_head,
    encode_response, serve,
};

const PLENTY: u64 = 64 << 20;

fn ask(requests: &[Vec<u8>]) -> Vec<u8> {
    let mut answers = Vec::new();
    serve(requests.concat().as_slice(), &mut answers).unwrap();
    answers
}

#[test]
fn a_worker_answers_in_order_until_the_stream_ends() {
    let limits = Limits::default();
    let image = encode_jpeg(&scene(300, 200), |encoder| {
        encoder.add_exif_metadata(&exif(6)).unwrap();
    });
    let drawing = png(&scene(30, 20));
    let answers = ask(&[
        encode_request(Job::Inspect, &limits, &image),
        encode_request(Job::Derive(Turns::None), &limits, &image),
        encode_request(Job::Full(Turns::None), &limits, &drawing),
        encode_request(Job::Derive(Turns::None), &limits, b"%PDF-1.4"),
        encode_request(Job::Derive(Turns::None), &limits, b""),
    ]);
    let mut answers = answers.as_slice();
    let mut next = || decode_response(&mut answers, PLENTY).unwrap();
    assert_eq!(next(), Response::Inspected(inspect(&image, &limits).unwrap()));
    assert_eq!(next(), Response::Derived(derive(&image, &limits).unwrap()));
    assert_eq!(next(), Response::Full(full(&drawing, &limits).unwrap()));
    assert!(matches!(next(), Response::Refused(refusal) if refusal.code() == "unsupported"));
    assert_eq!(next(), Response::Refused(Refusal::Empty));
    assert!(answers.is_empty());
}

#[test]
fn limits_travel_with_the_request() {
    let strict = Limits::default().with_max_pixels(100);
    let answers = ask(&[encode_request(
        Job::Derive(Turns::None),
        &strict,
        &jpeg(&scene(300, 200)),
    )]);
    let answer = decode_response(&mut answers.as_slice(), PLENTY).unwrap();
    assert_eq!(
        answer,
        Response::Refused(Refusal::TooManyPixels {
            width: 300,
            height: 200
        })
    );
}

#[test]
fn a_head_and_its_image_may_be_written_apart() {
    let limits = Limits::default().with_max_bytes(12_345).with_max_side(77);
    let whole = encode_request(Job::Full(Turns::None), &limits, b"a photo");
    assert_eq!(
        [
            &encode_request_head(Job::Full(Turns::None), &limits, 7)[..],
            b"a photo"
        ]
        .concat(),
        whole
    );
}

#[test]
fn half_a_request_and_nonsense_end_the_worker_with_an_error() {
    let request = encode_request(Job::Derive(Turns::None), &Limits::default(), b"a photo");
    for cut in 1..request.len() {
        assert!(
            matches!(serve(&request[..cut], Vec::new()), Err(ProtocolError::Io(_))),
            "cut at {cut}"
        );
    }
    assert!(matches!(
        serve(&[b'x'; 64][..], Vec::new()),
        Err(ProtocolError::Garbage)
    ));
    let mut unknown_job = request;
    unknown_job[4] = 9;
    assert!(matches!(
        serve(unknown_job.as_slice(), Vec::new()),
        Err(ProtocolError::Garbage)
    ));
}

/// C31: a worker that was taken over cannot make the parent allocate or panic.
#[test]
fn announced_lengths_are_not_believed() {
    let mut head = b"CMW1\x82\0\0\0".to_vec();
    head.extend_from_slice(&u64::MAX.to_be_bytes());
    let error = decode_response(&mut head.as_slice(), PLENTY).unwrap_err();
    assert!(matches!(error, ProtocolError::TooLong { .. }));
    head[8..16].copy_from_slice(&PLENTY.to_be_bytes());
    let error = decode_response(&mut head.as_slice(), PLENTY).unwrap_err();
    assert!(matches!(error, ProtocolError::Io(_)), "{error}");
    // Inside a body, an image that claims to be longer than the body.
    let mut response = encode_response(&Response::Derived(
        derive(&jpeg(&scene(9, 9)), &Limits::default()).unwrap(),
    ));
    response[HEAD_BYTES + 15..HEAD_BYTES + 23].copy_from_slice(&[0xFF; 8]);
    assert!(matches!(
        decode_response(&mut response.as_slice(), PLENTY),
        Err(ProtocolError::Garbage)
    ));
}

#[test]
fn a_body_must_be_used_up() {
    let response = encode_response(&Response::Refused(Refusal::Empty));
    let head: [u8; HEAD_BYTES] = response[..HEAD_BYTES].try_into().unwrap();
    let head = Head::parse(&head, PLENTY).unwrap();
    assert!(head.response(&response[HEAD_BYTES..]).is_ok());
    assert!(head.response(b"").is_err());
    assert!(head.response(b"\0\0").is_err());
}

proptest! {
    #[test]
    fn garbage_answers_are_errors(kind in any::<u8>(), body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut answer = vec![b'C', b'M', b'W', b'1', kind, 0, 0, 0];
        answer.extend_from_slice(&u64::try_from(body.len()).unwrap().to_be_bytes());
        answer.extend_from_slice(&body);
        if let Ok(response) = decode_response(&mut answer.as_slice(), PLENTY) {
            prop_assert_eq!(encode_response(&response), answer);
        }
    }

    #[test]
    fn noise_is_never_a_response(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(decode_response(&mut bytes.as_slice(), PLENTY).is_err());
    }
}
