//! Lines of JSON: what changes and what does not.

use crate::{CLEANED, FURNISHED, row, run};

fn clean(input: impl AsRef<[u8]>) -> String {
    run(["clean", "--input-format", "jsonl"], input).ok()
}

#[test]
fn the_text_is_cleaned() {
    let input = format!("{}\n{}\n", row(1, FURNISHED), row(2, "It rained."));
    let want = format!("{}\n{}\n", row(1, CLEANED), row(2, "It rained."));
    assert_eq!(clean(input), want);
}

#[test]
fn everything_else_comes_back_byte_for_byte() {
    let line = |text: &str| {
        let text = text.replace('\n', "\\n");
        [
            r#" { "z" : 1.0,"a":1e5 ,"big":123456789012345678901234567890,"neg":-0,"e":1E+05,"huge":1e999,"#,
            r#""esc":"\u0041\/\ud800\n","dup":1,"dup":2,"":null,"\u0061":[ {}, [1 ,2] ],"#,
            &format!("\t\"text\" :  \"{text}\" , "),
            r#""sub":{"text":"ALSO READ: not this one"},"ü":"é\u00e9" }  "#,
        ]
        .concat()
    };
    assert_eq!(clean(line(FURNISHED)), line(CLEANED));
    assert_eq!(clean(line(CLEANED)), line(CLEANED));
}

#[test]
fn an_unchanged_text_keeps_its_escapes() {
    let line = "{\"text\":\"caf\\u00e9 \\ud83d\\ude00 \\/ tab\\u0020s\"}\n";
    assert_eq!(clean(line), line);
}

#[test]
fn a_changed_text_is_escaped_where_json_wants_it() {
    let line = r#"{"text":"\u201cCaf\u00e9\u201d \"quoted\" \\ \ud83d\ude00\n\nALSO READ: Ten hotels\n\nTurnout will be high."}"#;
    let want = r#"{"text":"“Café” \"quoted\" \\ 😀\n\nTurnout will be high."}"#;
    assert_eq!(clean(line), want);
}

#[test]
fn half_a_surrogate_pair_is_replaced() {
    assert_eq!(clean(r#"{"text":"a\ud800b","x":"\ud800"}"#), r#"{"text":"a�b","x":"\ud800"}"#);
}

#[test]
fn line_breaks_and_blank_lines() {
    let (furnished, cleaned) = (row(1, FURNISHED), row(1, CLEANED));
    assert_eq!(
        clean(format!("{furnished}\r\n{furnished}\r\n")),
        format!("{cleaned}\r\n{cleaned}\r\n")
    );
    assert_eq!(
        clean(format!("\n{furnished}\n \t\r\n\n{furnished}")),
        format!("\n{cleaned}\n \t\r\n\n{cleaned}")
    );
    assert_eq!(clean(""), "");
    assert_eq!(clean("\n"), "\n");
}

#[test]
fn a_byte_order_mark_is_dropped() {
    assert_eq!(clean(format!("\u{feff}{}\n", row(1, FURNISHED))), format!("{}\n", row(1, CLEANED)));
}

#[test]
fn another_field() {
    let line = r#"{"text":7,"body":"It rained.\n\nALSO READ: Ten hotels\n\nThen it stopped raining for a while."}"#;
    let want = r#"{"text":7,"body":"It rained.\n\nThen it stopped raining for a while."}"#;
    let out = run(["clean", "--input-format", "jsonl", "--field", "body"], line).ok();
    assert_eq!(out, want);
}

#[test]
fn the_last_of_two_fields_counts() {
    let line = |last: &str| {
        format!(r#"{{"text":"ALSO READ: kept","text":"{}"}}"#, last.replace('\n', "\\n"))
    };
    assert_eq!(clean(line(FURNISHED)), line(CLEANED));
}

#[test]
fn spans_come_as_the_last_field() {
    let clean = |input: &str| run(["clean", "--input-format", "jsonl", "--spans"], input);
    // é is two bytes, in the text; six in the line.
    let line = r#"{"text":"Caf\u00e9 news, in two lines of text.\n\nALSO READ: Ten hotels with a view\n\nTurnout will be high.","n":1 }"#;
    let out = clean(line).ok();
    let start = "Café news, in two lines of text.\n\n".len();
    let end = start + "ALSO READ: Ten hotels with a view\n\n".len();
    assert_eq!(
        out,
        format!(
            r#"{{"text":"Café news, in two lines of text.\n\nTurnout will be high.","n":1,"unfurnish":{{"removed":[{{"start":{start},"end":{end},"rule":"en/related/also-read","category":"related"}}],"abstained":false}} }}"#
        )
    );

    let out = clean("{\"text\":\"It r\\u0061ined.\"}\r\n").ok();
    assert_eq!(
        out,
        "{\"text\":\"It r\\u0061ined.\",\"unfurnish\":{\"removed\":[],\"abstained\":false}}\r\n"
    );

    let error = clean(r#"{"unfurnish":1,"text":"x"}"#).ended_at_row();
    assert_eq!(error, "unfurnish: stdin:1: it has a field `unfurnish` already\n");
}

#[test]
fn a_deep_line_is_no_trouble() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let line = |text| format!("{{\"deep\":{deep},\"text\":{}}}", serde_json::json!(text));
    assert_eq!(clean(line(FURNISHED)), line(CLEANED));
}

#[test]
fn many_threads_keep_the_order() {
    // Rows of very different sizes, so that later batches are done before earlier ones.
    let filler = vec!["It rained all day, and the day after."; 200].join(" ");
    let text = |id: usize, text: &str| match id % 97 {
        0 => format!("{filler}\n\n{text}"),
        _ => format!("{id}: {text}"),
    };
    let rows =
        |with: &str| -> String { (0..10_000).map(|id| row(id, &text(id, with)) + "\n").collect() };
    let input = rows(FURNISHED);
    let want = rows(CLEANED);
    for threads in ["2", "8"] {
        let args = ["clean", "--input-format", "jsonl", "--threads", threads];
        // Not assert_eq: nobody wants to see the difference in full.
        assert!(run(args, &input).ok() == want, "{threads} threads");
    }
}

#[test]
fn a_long_line_is_read_whole() {
    let long = vec!["It rained all day."; 20_000].join(" ");
    let text = |rest| format!("{long}\n\n{rest}");
    let input = [row(1, "It rained."), row(2, &text(FURNISHED)), row(3, FURNISHED)].join("\n");
    let want = [row(1, "It rained."), row(2, &text(CLEANED)), row(3, CLEANED)].join("\n");
    assert!(clean(input) == want);
}
