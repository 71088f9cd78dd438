import DevFTFederation
import DevFTFormats
import DevFTTensor
import Foundation

/// Everything a run needs to go on after a round, beside what the run directory holds already.
struct Checkpoint {
  /// The last finished round.
  let round: Int
  /// Adapters of the stage's submodel.
  let state: FederatedState

  private static let folder = "checkpoints"

  private static func name(round: Int) -> String {
    let digits = String(round)
    return "round-" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// Saves the checkpoint, then drops the older ones.
  func save(in directory: RunDirectory) throws {
    var tensors = NamedTensors()
    Self.collect(state.global, under: "global", into: &tensors)
    for (client, adapter) in state.personal {
      Self.collect(adapter, under: "client.\(client)", into: &tensors)
    }
    let name = "\(Self.folder)/\(Self.name(round: round))"
    try FileManager.default.createDirectory(
      at: directory.url.appendingPathComponent(Self.folder),
      withIntermediateDirectories: true
    )
    try AtomicDirectory.write(
      [(Self.stateName, SafetensorsWriter.encode(tensors))],
      to: directory.path(name)
    )
    for old in try Self.rounds(in: directory) where old < round {
      try FileManager.default.removeItem(
        atPath: directory.path("\(Self.folder)/\(Self.name(round: old))")
      )
    }
  }

  /// Reads the newest checkpoint of a run; `nil` when no round has finished.
  static func newest(in directory: RunDirectory) throws -> Checkpoint? {
    guard let round = try rounds(in: directory).max() else { return nil }
    let path = directory.path("\(folder)/\(name(round: round))/\(stateName)")
    let tensors = try SafetensorsFile(path: path).tensors()
    var adapters: [String: [Int: NamedTensors]] = [:]
    for name in tensors.names {
      guard let place = Place(name) else {
        throw RunError(.directory, "\(path): tensor \(name) has no place in a checkpoint")
      }
      adapters[place.owner, default: [:]][place.layer, default: NamedTensors()][place.tensor] =
        tensors[name]
    }
    return Checkpoint(round: round, state: try state(of: adapters, path: path))
  }

  private static let stateName = "state.safetensors"

  private static func state(
    of adapters: [String: [Int: NamedTensors]],
    path: String
  ) throws -> FederatedState {
    var state = FederatedState(global: [])
    for (owner, layers) in adapters {
      let ordered = layers.sorted { $0.key < $1.key }.map(\.value)
      if owner == "global" { state.global = ordered }
      if let client = owner.split(separator: ".").last.flatMap({ Int($0) }) {
        state.personal[client] = ordered
      }
    }
    guard !state.global.isEmpty else {
      throw RunError(.directory, "\(path): expected a global adapter, found none")
    }
    return state
  }

  private static func collect(
    _ adapter: [NamedTensors],
    under owner: String,
    into tensors: inout NamedTensors
  ) {
    for (layer, set) in adapter.enumerated() {
      for name in set.names { tensors["\(owner)/\(layer)/\(name)"] = set[name] }
    }
  }

  private static func rounds(in directory: RunDirectory) throws -> [Int] {
    let path = directory.path(folder)
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    return try FileManager.default.contentsOfDirectory(atPath: path)
      .filter { $0.hasPrefix("round-") }.compactMap { Int($0.dropFirst("round-".count)) }
  }

  /// Where a tensor of a checkpoint belongs: `owner/layer/tensor`.
  private struct Place {
    let owner: String
    let layer: Int
    let tensor: String

    init?(_ name: String) {
      let parts = name.split(separator: "/", maxSplits: 2)
      guard parts.count == 3, let layer = Int(parts[1]) else { return nil }
      (owner, self.layer, tensor) = (String(parts[0]), layer, String(parts[2]))
    }
  }
}
