//! What a builder in Rust uses of the standard library. Each assertion that does not hold ends it with a panic.
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{env, thread};

fn main() -> io::Result<()> {
    let words: Vec<String> = env::args().skip(1).collect();
    assert_eq!(words[0], "wörd");
    assert_eq!(env::var("greeting").unwrap(), "hello");
    assert!(env::var("HOME").is_err());
    let out = env::var("out").unwrap();

    if words[1] == "fixing" {
        moving_clocks();
        writeln!(OpenOptions::new().append(true).open("fix")?, "git:abc")?;
        return fs::write(out, "fixed");
    }
    constant_clocks();
    files()?;
    folders()?;
    from_input(Path::new(&words[1]), Path::new(&out))?;
    hashing();
    println!("all hold");
    Ok(())
}

fn constant_clocks() {
    let start = Instant::now();
    thread::sleep(Duration::from_secs(3600));
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs(), 315_532_800);
}

fn moving_clocks() {
    let start = Instant::now();
    thread::sleep(Duration::from_millis(20));
    assert!(start.elapsed() >= Duration::from_millis(20));
    assert!(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() > 1_500_000_000);
}

fn files() -> io::Result<()> {
    fs::write("lines", "one\ntwo\nthree\n")?;
    let lines: Vec<String> = io::BufReader::new(File::open("lines")?).lines().collect::<Result<_, _>>()?;
    assert_eq!(lines, ["one", "two", "three"]);
    let mut file = OpenOptions::new().read(true).write(true).open("lines")?;
    file.seek(SeekFrom::End(-6))?;
    file.write_all(b"THREE")?;
    file.set_len(13)?;
    file.rewind()?;
    let mut text = String::new();
    file.read_to_string(&mut text)?;
    assert_eq!(text, "one\ntwo\nTHREE");
    assert_eq!(file.metadata()?.len(), 13);
    assert_eq!(kind(OpenOptions::new().write(true).create_new(true).open("lines")), ErrorKind::AlreadyExists);
    assert_eq!(kind(File::open("missing")), ErrorKind::NotFound);
    assert_eq!(fs::copy("lines", "copied")?, 13);
    fs::hard_link("copied", "linked")?;
    fs::remove_file("copied")?;
    fs::rename("linked", "moved")?;
    assert_eq!(fs::read_to_string("/moved")?, text);
    let mut nothing = String::new();
    assert_eq!(io::stdin().read_line(&mut nothing)?, 0);
    Ok(())
}

fn folders() -> io::Result<()> {
    fs::create_dir_all("tree/a/b")?;
    fs::create_dir_all("tree/a/b")?;
    for index in 0..100 {
        fs::write(format!("tree/a/{index}"), index.to_string())?;
    }
    assert_eq!(kind(fs::create_dir("tree/a")), ErrorKind::AlreadyExists);
    assert!(fs::remove_dir("tree/a").is_err());
    let names: BTreeSet<_> = fs::read_dir("tree/a")?.map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 101);
    assert!(fs::symlink_metadata("tree/a/b")?.is_dir());
    fs::remove_dir_all("tree")?;
    assert!(!Path::new("tree").exists());
    Ok(())
}

fn from_input(input: &Path, out: &Path) -> io::Result<()> {
    assert!(fs::write(input.join("note.txt"), "changed").is_err());
    fs::create_dir(out)?;
    for entry in fs::read_dir(input)? {
        let entry = entry?;
        assert!(entry.file_type()?.is_file());
        fs::copy(entry.path(), out.join(entry.file_name()))?;
    }
    Ok(())
}

/// The keys of the hasher are random bytes: the order is the same in each build all the same.
fn hashing() {
    let map: HashMap<u32, u32> = (0..1000).map(|index| (index, index * index)).collect();
    let order: Vec<u32> = map.keys().copied().collect();
    println!("order {:?}", &order[..8]);
}

fn kind<T>(result: io::Result<T>) -> ErrorKind {
    result.err().expect("it fails").kind()
}
