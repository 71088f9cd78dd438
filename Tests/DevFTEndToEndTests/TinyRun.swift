import DevFTFormats
import Foundation
import Testing
import _DevFTTestSupport

/// A run of the tiny chat model: its configuration and the directory it leaves.
///
/// Values: two runs of the same configuration differ in their directories alone.
struct TinyRun {
  /// Stages of two rounds each; the configuration has no other difference to a plain run.
  static let staged = "{ construction: paper, capacities: [2, 3, 6] }"

  /// Holds the configuration and the run.
  let scratch: ScratchDirectory
  /// The configuration file.
  let configuration: String
  /// The run directory.
  let directory: String

  /// Writes a configuration of six rounds.
  init(stages: String = staged, precision: String = "f32") throws {
    scratch = try ScratchDirectory()
    configuration = try scratch.write(
      """
      seed: 5
      model: \(TinyChat.model)
      data:
        path: \(TinyChat.train)
        eval: \(TinyChat.heldOut)
        partition: { kind: field, field: household }
        max_length: 64
      lora: { rank: 4, alpha: 8, targets: [q, v, down] }
      federation: { clients: 4, clients_per_round: 2, rounds: 6 }
      local: { steps: 2, batch: 4, learning_rate: 1e-2, final_learning_rate: 1e-3 }
      stages: \(stages)
      memory: { precision: \(precision) }
      eval: { every: 2 }
      """,
      to: "tiny.yaml"
    )
    directory = scratch.path("run")
  }

  /// Arguments that start the run.
  func arguments(_ overrides: [String] = []) -> [String] {
    ["simulate", configuration, "--out", directory] + overrides.flatMap { ["--set", $0] }
  }

  /// Runs it to its end and expects success.
  static func finished(
    stages: String = staged,
    _ overrides: [String] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> TinyRun {
    let run = try TinyRun(stages: stages)
    try await Devft.expectSuccess(run.arguments(overrides), sourceLocation: sourceLocation)
    return run
  }

  // MARK: What it left

  /// Whether something is there.
  func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(directory)/\(name)")
  }

  /// Bytes of a file.
  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\(name)"))
  }

  /// Bytes of the final adapter's tensors.
  func adapterBytes() throws -> Data { try bytes("adapter/adapter_model.safetensors") }

  /// The final adapter.
  func adapter() throws -> PEFTAdapter { try PEFTAdapter(directory: "\(directory)/adapter") }

  /// A JSON file.
  func json<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try JSONDecoder().decode(type, from: bytes(name))
  }

  /// Lines of `metrics.jsonl`; none when there is no such file.
  func metrics() throws -> [Metrics] {
    guard has("metrics.jsonl") else { return [] }
    return try bytes("metrics.jsonl").split(separator: UInt8(ascii: "\n")).map(Metrics.init)
  }

  /// Measured losses of a stage.
  func losses(stage: Int) throws -> [String: Double] {
    try json([String: Double].self, "stages/\(stage)/losses.json")
  }
}
