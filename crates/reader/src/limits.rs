//! What the reading process forbids itself, before it reads a byte.

use std::collections::BTreeMap;

use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, nice, set_dumpable_behavior, setrlimit,
};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
};
use serde::{Deserialize, Serialize};

/// How much it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Memory, all of it: the program's own text with it.
    pub memory_bytes: u64,
    /// Processor time, in seconds.
    pub cpu_s: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory_bytes: 256 << 20, cpu_s: 5 }
    }
}

/// Behind everybody else on the machine, in steps of niceness.
const LAST: i32 = 19;

/// Which limits hold. What does not is not hidden.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Held {
    /// Memory.
    pub memory: bool,
    /// Processor time.
    pub cpu: bool,
    /// It opens no file.
    pub files: bool,
    /// It writes no file.
    pub writes: bool,
    /// It starts no process.
    pub processes: bool,
    /// Nothing of its memory is left behind when it dies.
    pub no_dump: bool,
    /// The kernel lets it do nothing but read, write and take memory: no network, no files, no processes.
    pub calls: bool,
    /// It gives way to whoever wants the processor, so that a page is not late because of what an exhibit does to its reader.
    pub gives_way: bool,
}

impl Held {
    /// Whether all of them hold.
    #[must_use]
    pub const fn all(self) -> bool {
        self.memory
            && self.cpu
            && self.files
            && self.writes
            && self.processes
            && self.no_dump
            && self.calls
            && self.gives_way
    }
}

fn limit(resource: Resource, soft: u64, hard: u64) -> bool {
    setrlimit(resource, Rlimit { current: Some(soft), maximum: Some(hard) }).is_ok()
}

/// As long as it lives this process gets no more memory than was said. What failed is told after it is gone: telling takes memory, too.
#[derive(Debug)]
#[must_use]
pub struct Memory(Rlimit);

impl Memory {
    /// Begins; `None` where the kernel does not allow it.
    pub fn hold(most_bytes: u64) -> Option<Self> {
        let before = getrlimit(Resource::As);
        let now = Rlimit { current: Some(most_bytes), maximum: before.maximum };
        setrlimit(Resource::As, now).is_ok().then_some(Self(before))
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        let _ = setrlimit(Resource::As, self.0);
    }
}

/// Limits this process, for good.
#[must_use]
pub fn hold(limits: &Limits) -> Held {
    let gives_way = nice(LAST).is_ok();
    let no_dump = limit(Resource::Core, 0, 0) && set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok();
    // What is open stays open; the process has no more than its standard streams.
    let files = limit(Resource::Nofile, 0, 0);
    let writes = limit(Resource::Fsize, 0, 0);
    let processes = limit(Resource::Nproc, 0, 0);
    let cpu = limit(Resource::Cpu, limits.cpu_s, limits.cpu_s.saturating_add(1));
    let memory = limit(Resource::As, limits.memory_bytes, limits.memory_bytes);
    let calls = filter().is_some_and(|program| seccompiler::apply_filter(&program).is_ok());
    Held { memory, cpu, files, writes, processes, no_dump, calls, gives_way }
}

/// What a process that is held can still do. Each is tried, so that it is known and not believed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Left {
    /// A file was opened.
    pub opens: bool,
    /// A socket was made.
    pub connects: bool,
    /// A process was started.
    pub starts: bool,
    /// A thread was started.
    pub threads: bool,
    /// More memory than allowed was taken.
    pub memory: bool,
}

/// Tries what must not work any more.
#[must_use]
pub fn tried(limits: &Limits) -> Left {
    let more = usize::try_from(limits.memory_bytes).unwrap_or(usize::MAX);
    Left {
        opens: std::fs::File::open("/proc/self/status").is_ok(),
        connects: std::net::UdpSocket::bind("127.0.0.1:0").is_ok(),
        starts: std::process::Command::new("/bin/true").spawn().is_ok(),
        threads: std::thread::Builder::new().spawn(|| ()).is_ok(),
        memory: Vec::<u8>::new().try_reserve_exact(more).is_ok(),
    }
}

/// Calls that reading needs. Everything else is answered with EPERM.
fn filter() -> Option<BpfProgram> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = [
        libc::SYS_read,
        libc::SYS_write,
        libc::SYS_readv,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_lseek,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_brk,
        libc::SYS_madvise,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_getrandom,
        libc::SYS_clock_gettime,
        libc::SYS_gettimeofday,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_restart_syscall,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ]
    .into_iter()
    .map(|call| (call, Vec::new()))
    .collect();
    // Memory that can be run is taken by loaders only.
    let no_running = |argument: u8| -> Option<Vec<SeccompRule>> {
        let run = u64::try_from(libc::PROT_EXEC).ok()?;
        let condition =
            SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::MaskedEq(run), 0).ok()?;
        Some(vec![SeccompRule::new(vec![condition]).ok()?])
    };
    rules.insert(libc::SYS_mmap, no_running(2)?);
    rules.insert(libc::SYS_mprotect, no_running(2)?);
    // A process that gives up sends itself a signal, and nobody else.
    let own = u64::from(std::process::id());
    let own = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, own).ok()?;
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![own]).ok()?]);
    let arch = std::env::consts::ARCH.try_into().ok()?;
    let refused = SeccompAction::Errno(u32::try_from(libc::EPERM).ok()?);
    SeccompFilter::new(rules, refused, SeccompAction::Allow, arch).ok()?.try_into().ok()
}
