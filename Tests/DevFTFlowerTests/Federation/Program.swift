import Foundation

/// A program under way; what it prints goes to a file.
final class Program: Sendable {
  /// What a finished program left.
  struct Outcome {
    /// Exit status; the negative signal number when a signal ended it.
    var status: Int32
    /// Standard output.
    var output: String
    /// Standard error and, before it, standard output.
    var text: String
  }

  /// There is no program of this name beside the tests.
  struct NotBuilt: Error { var name: String }

  private let process: Process
  private let ended: Task<Void, Never>
  private let files: (output: String, errors: String)

  /// Starts a program.
  init(
    _ executable: String,
    _ arguments: [String],
    _ scratch: Scratch,
    environment: [String: String] = [:]
  ) throws {
    process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let name = "\(UUID().uuidString)"
    files = (scratch.path(name + ".out"), scratch.path(name + ".err"))
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: scratch.file(name + ".out"))
    process.standardError = try FileHandle(forWritingTo: scratch.file(name + ".err"))
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in continuation.finish() }
    try process.run()
    ended = Task { for await _ in stream {} }
  }

  deinit { kill() }

  /// Ends it as a power cut would.
  func kill() { if process.isRunning { _ = Glibc.kill(process.processIdentifier, SIGKILL) } }

  /// Whether it is still under way.
  var isRunning: Bool { process.isRunning }

  /// Memory that it holds now, in bytes; 0 once it has ended.
  var residentByteCount: Int {
    let file = "/proc/\(process.processIdentifier)/status"
    let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
    let kilobytes = text.firstMatch(of: #/VmRSS:\s+(\d+) kB/#).flatMap { Int($0.1) }
    return 1024 * (kilobytes ?? 0)
  }

  /// What it has printed so far.
  var text: String { read(files.output) + read(files.errors) }

  /// Waits for its end.
  func end() async -> Outcome {
    await ended.value
    let status = process.terminationStatus
    return Outcome(
      status: process.terminationReason == .uncaughtSignal ? -status : status,
      output: read(files.output),
      text: text
    )
  }

  /// Runs a program to its end.
  static func run(
    _ executable: String,
    _ arguments: [String],
    _ scratch: Scratch
  ) async throws -> Outcome {
    try await Program(executable, arguments, scratch).end()
  }

  /// Path of a program of this package, beside the test bundle.
  static func built(_ name: String) throws -> String {
    let bundle = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let folders = [
      bundle.deletingLastPathComponent(), Bundle.main.bundleURL,
      StoredMessage.root.appendingPathComponent(".build-flower/release"),
      StoredMessage.root.appendingPathComponent(".build-flower/debug"),
    ]
    let paths = folders.map { $0.appendingPathComponent(name).path }
    guard let path = paths.first(where: FileManager.default.isExecutableFile(atPath:)) else {
      throw NotBuilt(name: name)
    }
    return path
  }

  private func read(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }
}

extension Scratch {
  /// A new empty file.
  fileprivate func file(_ name: String) throws -> URL {
    try write("", to: name)
    return url.appendingPathComponent(name)
  }
}

extension [Program] {
  /// Whether none has ended.
  var areRunning: Bool { allSatisfy(\.isRunning) }
}
