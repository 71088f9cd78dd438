import Foundation
import Synchronization
import Testing

/// The built program, run as users run it.
enum Devft {
  /// What a finished run of the program left.
  struct Outcome {
    /// Exit status; the negative signal number when a signal ended it.
    let status: Int32
    /// Standard output.
    let output: String
    /// Standard error.
    let errors: String

    /// Last line of standard error.
    var lastErrorLine: String { errors.split(separator: "\n").last.map(String.init) ?? "" }
    /// Lines of standard output.
    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// A run under way.
  struct Running: Sendable {
    fileprivate let process: Process
    fileprivate let outcome: Task<Outcome, any Error>

    /// Ends it as a power cut would: without a chance to tidy up.
    func kill() { send(SIGKILL) }

    /// Sends it a signal.
    func send(_ signal: Int32) { _ = Glibc.kill(process.processIdentifier, signal) }

    /// Whether it is still under way.
    var isRunning: Bool { process.isRunning }

    /// Waits for its end.
    func end() async throws -> Outcome { try await outcome.value }
  }

  /// There is no program to run.
  struct NotBuilt: Error {}

  /// Runs the program to its end; no file it writes may have more blocks of 512 bytes than the limit.
  static func run(
    _ arguments: [String],
    in directory: String? = nil,
    fileSizeLimit: Int? = nil
  ) async throws -> Outcome {
    try await slots.withSlot {
      try await start(arguments, in: directory, fileSizeLimit: fileSizeLimit).end()
    }
  }

  /// Runs it and expects success.
  @discardableResult
  static func expectSuccess(
    _ arguments: [String],
    in directory: String? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> Outcome {
    let outcome = try await run(arguments, in: directory)
    try #require(
      outcome.status == 0,
      "devft \(arguments.joined(separator: " ")): \(outcome.lastErrorLine)",
      sourceLocation: sourceLocation
    )
    return outcome
  }

  private static let starting = Mutex(())

  /// Starts the program.
  static func start(
    _ arguments: [String],
    in directory: String? = nil,
    fileSizeLimit: Int? = nil
  ) throws -> Running {
    let scratch = try ScratchDirectory()
    let process = Process()
    guard let executable else { throw NotBuilt() }
    process.executableURL = executable
    process.arguments = arguments
    if let fileSizeLimit {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      let command = "ulimit -f \(fileSizeLimit); exec \"$0\" \"$@\""
      process.arguments = ["-c", command, executable.path] + arguments
    }
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try scratch.handle("output")
    process.standardError = try scratch.handle("errors")
    let (ended, continuation) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in continuation.finish() }
    // Foundation's own start of a process is not safe beside another one's: it crashed in one run of many.
    try starting.withLock { _ in try process.run() }
    let outcome = Task {
      for await _ in ended {}
      let isSignal = process.terminationReason == .uncaughtSignal
      return Outcome(
        status: isSignal ? -process.terminationStatus : process.terminationStatus,
        output: try scratch.text("output"),
        errors: try scratch.text("errors")
      )
    }
    return Running(process: process, outcome: outcome)
  }

  /// The processes that a run has started and that are still there.
  static func children(of running: Running) -> [Int32] {
    let number = running.process.processIdentifier
    let file = "/proc/\(number)/task/\(number)/children"
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    return text.split(separator: " ").compactMap { Int32($0) }
  }

  /// More at once only take each other's cores.
  private static let slots = Slots(count: 2)

  /// Beside the test bundle, or where a build of the package leaves it.
  private static let executable: URL? = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let folders = [
      bundle.deletingLastPathComponent(),
      Bundle.main.bundleURL,
      root.appendingPathComponent(".build/release"),
      root.appendingPathComponent(".build/debug"),
    ]
    return folders.map { $0.appendingPathComponent("devft") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()
}
