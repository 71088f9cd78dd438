public import DevFTEvaluation
import DevFTFederation
import DevFTFormats
import DevFTStages
public import Foundation

/// The directory that holds everything a run leaves behind.
///
/// Files are written under a temporary name and renamed, so that a killed run leaves whole files only.
public struct RunDirectory: Sendable {
  /// The directory.
  public let url: URL

  /// Names a directory.
  ///
  /// - Parameter path: The directory.
  public init(_ path: String) { url = URL(fileURLWithPath: path, isDirectory: true) }

  /// Path of something inside.
  ///
  /// - Parameter name: Path below the directory.
  /// - Returns: The whole path.
  public func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Makes the directory for a new run.
  ///
  /// - Throws: `RunError` with code `directory` when it holds a run already or cannot be made.
  func create() throws(RunError) {
    let traces = [Self.configuration, "checkpoints"].map(path)
    if traces.contains(where: FileManager.default.fileExists(atPath:)) {
      throw RunError(
        .directory,
        "\(url.path): holds a run already; go on with it by --resume, or choose another directory"
      )
    }
    do {
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    } catch {
      throw RunError(.directory, "\(url.path): cannot be made: \(error.localizedDescription)")
    }
  }

  /// Name of the resolved configuration.
  static let configuration = "config.resolved.yaml"
  /// Name of the file with one line a round.
  static let metrics = "metrics.jsonl"

  /// Name of the adapter with what had been merged into the base when a stage began.
  static func merged(stage: Int) -> String { "stages/\(stage)/merged" }

  private static func encoder(_ formatting: JSONEncoder.OutputFormatting) -> JSONEncoder {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf",
      negativeInfinity: "-inf",
      nan: "nan"
    )
    return encoder
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf",
      negativeInfinity: "-inf",
      nan: "nan"
    )
    return decoder
  }

  /// Writes a value as JSON, keys sorted.
  func write(_ value: some Encodable, to name: String) throws {
    let encoder = Self.encoder([.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    try write(try encoder.encode(value) + Data("\n".utf8), to: name)
  }

  /// Writes a file, making the folders it lies in.
  func write(_ data: Data, to name: String) throws {
    let target = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try AtomicFile.write(data, to: target.path)
  }

  /// Reads a value that `write` wrote; `nil` when there is no such file.
  func read<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value? {
    guard let data = FileManager.default.contents(atPath: path(name)) else { return nil }
    do {
      return try Self.decoder.decode(type, from: data)
    } catch {
      throw RunError(.directory, "\(path(name)): expected a file this program wrote, got another")
    }
  }

  /// What the finished run reached and cost.
  ///
  /// - Returns: The summary.
  /// - Throws: `RunError` with code `directory` when the run has not finished.
  public func summary() throws -> RunSummary {
    guard let summary = try read(RunSummary.self, from: "eval/final.json") else {
      throw RunError(.directory, "\(url.path): expected a finished run, this one has not ended")
    }
    return summary
  }

  /// Name of the file with the base model's numbers on benchmarks.
  static let baseBenchmarks = "eval/base_benchmarks.json"
  /// Name of the file with the final adapter's answers.
  static let answers = "eval/answers.json"

  /// What the final adapter answered to held-out requests.
  ///
  /// - Returns: The answers beside the expected ones; `nil` when none were asked for.
  /// - Throws: `RunError` with code `directory` when the file is broken.
  public func answers() throws -> AnswerMatch? {
    try read(AnswerMatch.self, from: Self.answers)
  }

  /// Replaces the lines of `metrics.jsonl`.
  func write(_ records: [RoundRecord]) throws {
    let encoder = Self.encoder([.sortedKeys, .withoutEscapingSlashes])
    var data = Data()
    for record in records { data += try encoder.encode(record) + Data("\n".utf8) }
    try write(data, to: Self.metrics)
  }

  /// The lines of `metrics.jsonl`; none when there is no such file.
  func records() throws -> [RoundRecord] {
    guard let data = FileManager.default.contents(atPath: path(Self.metrics)) else { return [] }
    do {
      return try data.split(separator: UInt8(ascii: "\n")).map {
        try Self.decoder.decode(RoundRecord.self, from: $0)
      }
    } catch {
      throw RunError(.directory, "\(path(Self.metrics)): a line is no record of a round")
    }
  }
}
