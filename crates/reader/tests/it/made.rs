//! Files, made byte by byte.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub(crate) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// TIFF with a camera, a time and a place; `next` is where the directory says another one lies.
pub(crate) fn exif(next: u32) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    let entry = |tag: u16, kind: u16, many: u32, value: u32| {
        [
            tag.to_le_bytes().to_vec(),
            kind.to_le_bytes().to_vec(),
            many.to_le_bytes().to_vec(),
            value.to_le_bytes().to_vec(),
        ]
        .concat()
    };
    // 8: four entries; 62: the camera's; 80: the place's.
    out.extend(4_u16.to_le_bytes());
    out.extend(entry(0x010f, 2, 9, 200));
    out.extend(entry(0x0110, 2, 6, 210));
    out.extend(entry(0x8769, 4, 1, 62));
    out.extend(entry(0x8825, 4, 1, 80));
    out.extend(next.to_le_bytes());
    assert_eq!(out.len(), 62);
    out.extend(1_u16.to_le_bytes());
    out.extend(entry(0x9003, 2, 20, 220));
    out.extend(0_u32.to_le_bytes());
    assert_eq!(out.len(), 80);
    out.extend(4_u16.to_le_bytes());
    out.extend(entry(1, 2, 2, u32::from(b'N')));
    out.extend(entry(2, 5, 3, 240));
    out.extend(entry(3, 2, 2, u32::from(b'E')));
    out.extend(entry(4, 5, 3, 264));
    out.extend(0_u32.to_le_bytes());
    out.resize(200, 0);
    out.extend(b"INVENTED\0\0");
    out.extend(b"Model\0\0\0\0\0");
    out.extend(b"2026:11:02 10:15:33\0");
    for (above, below) in [(43_u32, 1_u32), (14, 1), (2400, 100), (76, 1), (57, 1), (0, 1)] {
        out.extend(above.to_le_bytes());
        out.extend(below.to_le_bytes());
    }
    out
}

/// A photograph without any picture in it: its size, what the camera wrote, and its end.
pub(crate) fn jpeg(tiff: &[u8]) -> Vec<u8> {
    let mut out = b"\xff\xd8".to_vec();
    let body = [b"Exif\0\0", tiff].concat();
    out.extend(b"\xff\xe1");
    out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
    out.extend(body);
    out.extend(b"\xff\xc0\0\x0b\x08\x0b\xd0\x0f\xc0\x01\x01\x11\0");
    out.extend(b"\xff\xda\0\x08\x01\x01\0\0\x3f\0\x00\xff\xd9");
    out
}

pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    out.extend(width.to_be_bytes());
    out.extend(height.to_be_bytes());
    out.extend(b"\x08\x02\0\0\0\0\0\0\0");
    out.extend(b"\0\0\0\0IEND\xaeB`\x82");
    out
}

/// A document of one page. `content` is the stream of the page, `more` further objects, `trailer` further fields of the trailer.
pub(crate) fn pdf(content: &[u8], filter: &str, more: &[&str], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let mut object = |out: &mut Vec<u8>, body: &[u8]| {
        places.push(out.len());
        let no = places.len();
        out.extend(format!("{no} 0 obj\n").bytes());
        out.extend(body);
        out.extend(b"\nendobj\n");
    };
    object(&mut out, b"<< /Type /Catalog /Pages 2 0 R >>");
    object(&mut out, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    object(
        &mut out,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    );
    let stream =
        [format!("<< /Length {} {filter} >>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"]
            .concat();
    object(&mut out, &stream);
    object(&mut out, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    object(
        &mut out,
        b"<< /Title (Invented title) /Author <feff04210456> /CreationDate (D:20261102101533+05'00') >>",
    );
    for body in more {
        object(&mut out, body.as_bytes());
    }
    let start = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1).bytes());
    for place in &places {
        out.extend(format!("{place:010} 00000 n \n").bytes());
    }
    out.extend(
        format!(
            "trailer\n<< /Size {} /Root 1 0 R /Info 6 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n",
            places.len() + 1
        )
        .bytes(),
    );
    out
}

pub(crate) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

/// A document of Word, with what is handed in as its text.
pub(crate) fn docx(document: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let core = "<cp:coreProperties xmlns:cp=\"c\" xmlns:dc=\"d\" xmlns:dcterms=\"t\"><dc:creator>Ойдан Автор</dc:creator>\
        <dcterms:created>2026-11-02T10:15:33Z</dcterms:created></cp:coreProperties>";
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("word/document.xml", document.as_bytes()),
        ("docProps/core.xml", core.as_bytes()),
    ];
    parts.extend(more);
    zip(&parts)
}

/// A database with a table of so many rows.
pub(crate) fn sqlite(rows: u32) -> Vec<u8> {
    let mut connection = rusqlite::Connection::open_in_memory().unwrap();
    connection
        .execute_batch("CREATE TABLE message (id INTEGER PRIMARY KEY, text TEXT); CREATE VIEW v AS SELECT 1;")
        .unwrap();
    for no in 0..rows {
        connection.execute("INSERT INTO message (text) VALUES (?1)", [format!("invented {no}")]).unwrap();
    }
    connection.serialize("main").unwrap().to_vec()
}

/// TIFF with a text in each of these fields.
pub(crate) fn exif_of(tags: &[u16]) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend(u16::try_from(tags.len()).unwrap().to_le_bytes());
    for tag in tags {
        out.extend(tag.to_le_bytes());
        // Three letters and their end stand in the field itself.
        out.extend([2, 0, 4, 0, 0, 0]);
        out.extend(b"abc\0");
    }
    out.extend([0; 4]);
    out
}
