import DevFTFederation
import DevFTFormats
import DevFTTensor
import Foundation

/// Everything a run needs to go on after a round, beside what the run directory holds already.
struct Checkpoint {
  /// The last finished round.
  let round: Int
  /// What the method carries on, of the stage's submodel.
  let state: FederatedState

  private static let folder = "checkpoints"
  private static let tensorsName = "state.safetensors"
  private static let numbersName = "numbers.json"
  private static let lateName = "late.json"

  private static func name(round: Int) -> String {
    let digits = String(round)
    return "round-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Saves the checkpoint, then drops the older ones.
  func save(in directory: RunDirectory) throws {
    let name = "\(Self.folder)/\(Self.name(round: round))"
    try FileManager.default.createDirectory(
      at: directory.url.appendingPathComponent(Self.folder),
      withIntermediateDirectories: true
    )
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var files = [
      (Self.tensorsName, SafetensorsWriter.encode(CheckpointTensors(state).tensors)),
      (Self.numbersName, try encoder.encode(state.numbers)),
    ]
    if !state.late.isEmpty {
      files.append((Self.lateName, try encoder.encode(state.late.map(LateRecord.init))))
    }
    try AtomicDirectory.write(files, to: directory.path(name))
    for old in try Self.rounds(in: directory) where old < round {
      try FileManager.default.removeItem(
        atPath: directory.path("\(Self.folder)/\(Self.name(round: old))")
      )
    }
  }

  /// Reads the newest checkpoint of a run; `nil` when no round has finished.
  static func newest(in directory: RunDirectory) throws -> Checkpoint? {
    guard let round = try rounds(in: directory).max() else { return nil }
    let folder = "\(folder)/\(name(round: round))"
    let path = directory.path("\(folder)/\(tensorsName)")
    let tensors = CheckpointTensors(tensors: try SafetensorsFile(path: path).tensors())
    let late = try directory.read([LateRecord].self, from: "\(folder)/\(lateName)") ?? []
    var state = try tensors.state(late: late, path: path)
    let numbersName = "\(folder)/\(numbersName)"
    guard let numbers = try directory.read([String: [Int: Double]].self, from: numbersName) else {
      throw RunError(.directory, "\(directory.path(numbersName)): is missing")
    }
    state.numbers = numbers
    return Checkpoint(round: round, state: state)
  }

  private static func rounds(in directory: RunDirectory) throws -> [Int] {
    let path = directory.path(folder)
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { $0.hasPrefix("round-") }.compactMap { Int($0.dropFirst("round-".count)) }
  }
}
