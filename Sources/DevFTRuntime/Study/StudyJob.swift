import DevFTFormats
import Foundation

/// A run of a study under way in a process of its own.
final class StudyJob {
  /// Name of the file with what the process prints, below the run directory.
  static let log = "log.txt"

  let run: StudyRun
  private let directory: RunDirectory
  private let process = Process()

  /// Starts a run, or goes on with it.
  ///
  /// - Parameters:
  ///   - run: The run.
  ///   - directory: Its directory.
  ///   - program: The program `devft`.
  ///   - threads: Threads that the process may use; `nil`: all.
  /// - Throws: When the directory cannot be written or the process not be started.
  init(_ run: StudyRun, directory: RunDirectory, program: URL, threads: Int?) throws {
    self.run = run
    self.directory = directory
    let wasBegun = FileManager.default.fileExists(
      atPath: directory.path(RunDirectory.configuration)
    )
    try directory.write(Data(run.configuration.resolvedYAML.utf8), to: Self.configuration)
    try directory.write(Data(), to: Self.log)
    try? FileManager.default.removeItem(atPath: directory.path(StudyRunState.failure))
    let log = try FileHandle(forWritingTo: directory.url.appendingPathComponent(Self.log))
    process.executableURL = program
    process.arguments =
      ["simulate"]
      + (wasBegun
        ? ["--resume", directory.url.path]
        : [directory.path(Self.configuration), "--out", directory.url.path])
      + ["--end-with", "\(ProcessInfo.processInfo.processIdentifier)"]
      + (threads.map { ["--threads", "\($0)"] } ?? [])
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = log
    process.standardError = log
    try process.run()
    try? log.close()
  }

  private static let configuration = "config.yaml"

  /// Whether the process is still there.
  var isRunning: Bool { process.isRunning }

  /// The last line that the process printed.
  var lastLine: String {
    guard let log = FileHandle(forReadingAtPath: directory.path(Self.log)) else { return "" }
    defer { try? log.close() }
    let end = (try? log.seekToEnd()) ?? 0
    try? log.seek(toOffset: end > 1024 ? end - 1024 : 0)
    let tail = (try? log.readToEnd()) ?? Data()
    return String(decoding: tail, as: UTF8.self).split(whereSeparator: \.isNewline).last
      .map(String.init) ?? ""
  }

  /// Ends the process at once; what it has finished is on disk.
  func stop() {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  /// Notes how the process ended, which it must have.
  ///
  /// - Returns: The state of the run.
  /// - Throws: When the run directory cannot be written.
  func close() throws -> StudyRunState {
    process.waitUntilExit()
    let state = StudyRunState(of: directory)
    if process.terminationReason == .exit, process.terminationStatus == 0, state == .finished {
      return state
    }
    let isSignal = process.terminationReason == .uncaughtSignal
    let reason =
      isSignal
      ? "ended by signal \(process.terminationStatus)"
      : String(lastLine.trimmingPrefix("Error: "))
    let message = reason.isEmpty ? "ended with status \(process.terminationStatus)" : reason
    try directory.write(Data(message.utf8), to: StudyRunState.failure)
    return .failed(message)
  }
}
