public import Foundation

/// Runs what is missing of a study, several runs side by side.
///
/// Each run is a process of its own, so that its peak memory and its crash are its own.
public struct StudyRunner {
  private let directory: StudyDirectory
  private let program: URL
  private let jobLimit: Int
  private let threads: Int?
  private let lock: RunLock

  /// Prepares to run.
  ///
  /// - Parameters:
  ///   - directory: The study's directory; made when missing.
  ///   - program: The program `devft`.
  ///   - jobLimit: Most runs at a time, at least 1; they share the cores.
  /// - Throws: `RunError` with code `directory` when it cannot be made or another process runs there.
  public init(directory: StudyDirectory, program: URL, jobLimit: Int) throws {
    precondition(jobLimit >= 1, "\(jobLimit) jobs, expected at least 1")
    do {
      try FileManager.default.createDirectory(
        at: directory.url,
        withIntermediateDirectories: true
      )
    } catch {
      throw RunError(
        .directory,
        "\(directory.url.path): cannot be made: \(error.localizedDescription)"
      )
    }
    lock = try RunLock(RunDirectory(directory.url.path))
    self.directory = directory
    self.program = program
    self.jobLimit = jobLimit
    let cores = ProcessInfo.processInfo.activeProcessorCount
    threads = jobLimit == 1 ? nil : max(1, cores / jobLimit)
  }

  /// Runs what has not finished.
  ///
  /// - Parameters:
  ///   - runs: Runs of the study.
  ///   - report: Called with what happens.
  ///   - isStopped: Asked several times a second; when true the jobs are stopped, and can go on later.
  /// - Returns: Whether each of them has finished.
  /// - Throws: When a run directory cannot be written or a process not be started.
  public func run(
    _ runs: [StudyRun],
    report: (StudyEvent) -> Void,
    isStopped: () -> Bool
  ) throws -> Bool {
    var waiting = try pending(runs, report: report)[...]
    var jobs: [StudyJob] = []
    defer { for job in jobs { job.stop() } }
    var allFinished = true
    while !waiting.isEmpty || !jobs.isEmpty {
      while jobs.count < jobLimit, let run = waiting.popFirst() {
        jobs.append(try start(run, report: report))
      }
      Thread.sleep(forTimeInterval: 0.05)
      // Asked before the jobs are looked at: a key on the terminal ends them as well, and that is no
      // failure of theirs.
      if isStopped() { return false }
      for job in jobs where !job.isRunning {
        let state = try job.close()
        if state != .finished { allFinished = false }
        report(.ended(job.run, state))
      }
      jobs.removeAll { !$0.isRunning }
      let lines = jobs.map { StudyEvent.Job(name: $0.run.title, line: $0.lastLine) }
      report(.progress(lines, waiting: waiting.count))
    }
    return allFinished
  }

  /// The runs that have not finished; cells of one configuration share theirs.
  private func pending(_ runs: [StudyRun], report: (StudyEvent) -> Void) throws -> [StudyRun] {
    var known: Set<String> = []
    return runs.filter { run in
      guard known.insert(run.identity).inserted else { return false }
      guard directory.state(of: run) == .finished else { return true }
      report(.found(run))
      return false
    }
  }

  private func start(_ run: StudyRun, report: (StudyEvent) -> Void) throws -> StudyJob {
    let place = directory.directory(of: run)
    // A job of a study that was killed ends within moments after it.
    let patience = ContinuousClock.now + .seconds(5)
    while RunLock.isHeld(in: place), ContinuousClock.now < patience {
      Thread.sleep(forTimeInterval: 0.05)
    }
    let isResumed = FileManager.default.fileExists(atPath: place.path(RunDirectory.configuration))
    report(.started(run, isResumed: isResumed))
    return try StudyJob(run, directory: place, program: program, threads: threads)
  }
}

extension StudyRun {
  /// Cell and seed, for people.
  public var title: String { "\(cell), seed \(seed)" }
}
