//! What a page of a chart weighs, and that each step of it is asked for by a form of the page.

use super::*;

/// A scheme whose reports name so many things, and each of them opened.
async fn opened(world: &World, many: u128) -> (String, Vec<Key>) {
    filed(world).await;
    let app = &world.app;
    let member = app.db.read(move |tx| scheme::store::member::find(tx, id(901))).await.unwrap().unwrap();
    let home = Key::of("scheme", member.scheme.unwrap().uuid());
    let ids: Vec<uuid::Uuid> = (0..many).map(|n| uuid::Uuid::from_u128(0x7_0000 + n)).collect();
    let things = ids.clone();
    app.db
        .write(move |tx| {
            for (id, n) in things.iter().zip(0..) {
                let thing = scheme::model::Thing {
                    id: *id,
                    kind: identifier::Kind::Phone,
                    masked: format!("+7700…{n:04}"),
                    own: true,
                    imitates: String::new(),
                    ruling: scheme::model::Ruling::Nothing,
                };
                scheme::store::thing::put(tx, &thing)?;
                for report in [901, 902] {
                    let told = scheme::model::How::Told;
                    scheme::store::thing::name(tx, *id, super::id(report), member.at, told)?;
                }
            }
            Ok::<_, db::DbError>(())
        })
        .await
        .unwrap();
    let mut address = format!("about={home}&show=300&group=no");
    for id in &ids {
        address.push_str(&format!("&open=thing%3A{}", id.simple()));
    }
    (address, ids.into_iter().map(|id| Key::of("thing", id)).collect())
}

/// Bug: each link of the page carried the whole of its address: a chart with 120 things opened weighed 3.4 MB.
#[tokio::test(flavor = "multi_thread")]
async fn a_chart_of_which_much_was_opened_is_no_heavy_page() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let (address, _) = opened(&world, 118).await;
        let b = browser(&world, "ru", Some("aliya")).await;
        for shape in ["picture", "table"] {
            let (status, _, page) = b.send("GET", &format!("/desk/chart?{address}&as={shape}"), "").await;
            assert_eq!(status, 200);
            assert!(page.contains("+7700…0117"), "{page}");
            println!("{shape}: {} bytes", page.len());
            assert!(page.len() < 700_000, "{shape}: {} bytes", page.len());
        }
    })
    .await;
}

/// What a press of a button asks for: all of the form of the steps, and the button.
fn pressed(page: &str, button: &str) -> String {
    let value = |input: &str, name: &str| -> String {
        let start = format!("{name}=\"");
        let rest = input.split(start.as_str()).nth(1).unwrap();
        rest.split('"').next().unwrap().replace("&amp;", "&").replace("&#38;", "&")
    };
    let form = page.split("id=\"chart-steps\">").nth(1).unwrap().split("</form>").next().unwrap();
    let mut pairs: Vec<String> = form
        .split("<input")
        .skip(1)
        .map(|input| format!("{}={}", value(input, "name"), web::encode(&value(input, "value"))))
        .collect();
    pairs.push(button.to_owned());
    pairs.join("&")
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_are_buttons_of_one_form_and_work_one_after_the_other() {
    each("kz", async |mut world| {
        world.app.demo = true;
        access::demo_accounts(&world.app).await.unwrap();
        let (address, things) = opened(&world, 2).await;
        let b = browser(&world, "en", Some("aliya")).await;
        let get = async |path: String| {
            let (status, _, page) = b.send("GET", &path, "").await;
            assert_eq!(status, 200, "{path}");
            page
        };
        let row = |page: &str, key: &Key| {
            page.split("<tr data-row").find(|r| r.contains(&format!("data-key=\"{key}\""))).map(str::to_owned)
        };
        let first = get(format!("/desk/chart?{address}")).await;
        let there = row(&first, &things[0]).unwrap();
        assert!(there.contains("name=\"shut\"") && !there.contains("name=\"open\""), "{there}");
        let shut = get(format!("/desk/chart?{}", pressed(&first, &format!("shut={}", things[0])))).await;
        let there = row(&shut, &things[0]).unwrap();
        assert!(there.contains("name=\"open\"") && !there.contains("name=\"shut\""), "{there}");
        let again = get(format!("/desk/chart?{}", pressed(&shut, &format!("open={}", things[0])))).await;
        assert!(row(&again, &things[0]).unwrap().contains("name=\"shut\""));
        let hidden = get(format!("/desk/chart?{}", pressed(&again, &format!("hide={}", things[1])))).await;
        assert!(row(&hidden, &things[1]).is_none() && row(&hidden, &things[0]).is_some());
        // Why a tie is there is asked by the same form.
        let tie = first.split("name=\"tie\" value=\"").nth(1).unwrap().split('"').next().unwrap();
        let why =
            get(format!("/desk/chart/why?{}", pressed(&first, &format!("tie={}", web::encode(tie))))).await;
        assert!(why.contains("Why"), "{why}");
        assert!(!why.contains("aria-current=\"page\""), "no section of the head is where a chart is");
        let timed = get(format!("/desk/chart?{address}&form=time")).await;
        assert!(timed.contains("chart-tick") && timed.contains("chart-grid"), "an axis with dates");
    })
    .await;
}
