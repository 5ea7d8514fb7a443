//! Any bytes as what a page of a PDF draws, and any as the table of its font → a document or a reason.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lopdf::{Document, Object, Stream, dictionary};
use oba::corpus::{ReadOptions, read_bytes};

fuzz_target!(|input: (&[u8], &[u8])| {
    let (content, table) = input;
    let mut pdf = Document::with_version("1.5");
    let pages = pdf.new_object_id();
    let table = pdf.add_object(Stream::new(dictionary! {}, table.to_vec()));
    let font = pdf.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "A", "Encoding" => "Identity-H", "ToUnicode" => table,
    });
    let simple = pdf.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Courier" });
    let fonts = dictionary! { "F1" => font, "F2" => simple };
    let content = pdf.add_object(Stream::new(dictionary! {}, content.to_vec()));
    let page = pdf.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => content, "Resources" => dictionary! { "Font" => fonts },
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    let kids = dictionary! { "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1 };
    pdf.objects.insert(pages, Object::Dictionary(kids));
    let catalog = pdf.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    pdf.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    pdf.save_to(&mut bytes).expect("in memory");
    read_bytes("a.pdf", &bytes, &ReadOptions::default(), &mut |part| drop(part));
});
