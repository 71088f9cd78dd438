import DevFTFederation
import DevFTTensor

/// The tensors of a federated state in one set, under names such as `client.3/0/…lora_B.weight`.
struct CheckpointTensors {
  /// All tensors, named `owner/layer/tensor`.
  let tensors: NamedTensors

  /// Takes tensors that a checkpoint holds.
  init(tensors: NamedTensors) { self.tensors = tensors }

  /// Collects the tensors of a state.
  init(_ state: FederatedState) {
    var tensors = NamedTensors()
    func collect(_ layers: [NamedTensors], under owner: String) {
      for (layer, set) in layers.enumerated() {
        for name in set.names { tensors["\(owner)/\(layer)/\(name)"] = set[name] }
      }
    }
    collect(state.global, under: "global")
    for (client, layers) in state.personal { collect(layers, under: "client.\(client)") }
    for (name, layers) in state.server { collect(layers, under: "server.\(name)") }
    for (index, late) in state.late.enumerated() {
      collect(late.update.adapter, under: "\(Self.late).\(index)")
    }
    collect(state.bank.layers, under: Self.bank)
    collect(state.bank.folded, under: Self.folded)
    self.tensors = tensors
  }

  private static let (bank, folded, late) = ("bank", "folded", "late")

  /// The state that was collected, without its numbers.
  ///
  /// - Parameters:
  ///   - late: What the late updates are beside their tensors.
  ///   - path: The file, for errors.
  /// - Returns: The state.
  /// - Throws: `RunError` with code `directory` when a tensor has no place in a state.
  func state(late: [LateRecord], path: String) throws -> FederatedState {
    var owners: [String: [Int: NamedTensors]] = [:]
    for name in tensors.names {
      let parts = name.split(separator: "/", maxSplits: 2).map(String.init)
      guard parts.count == 3, let layer = Int(parts[1]) else { throw misplaced(name, path) }
      owners[parts[0], default: [:]][layer, default: NamedTensors()][parts[2]] = tensors[name]
    }
    var state = FederatedState(global: [])
    state.late = late.map(\.update)
    for (owner, layers) in owners {
      let ordered = layers.sorted { $0.key < $1.key }.map(\.value)
      let parts = owner.split(separator: ".", maxSplits: 1).map(String.init)
      switch (parts[0], parts.last.flatMap { Int($0) }) {
      case ("global", _): state.global = ordered
      case ("client", let client?): state.personal[client] = ordered
      case ("server", _) where parts.count == 2: state.server[parts[1]] = ordered
      case (Self.late, let index?) where state.late.indices.contains(index):
        state.late[index].update.adapter = ordered
      case (Self.bank, _): state.bank.layers = withGaps(layers)
      case (Self.folded, _): state.bank.folded = withGaps(layers)
      default: throw misplaced(owner, path)
      }
    }
    guard !state.global.isEmpty else {
      throw RunError(.directory, "\(path): expected a global adapter, found none")
    }
    if !state.bank.layers.isEmpty {
      let missing = state.global.count - state.bank.layers.count
      state.bank.layers += Array(repeating: NamedTensors(), count: max(0, missing))
    }
    return state
  }

  /// All layers up to the last one that has tensors: in a bank some have none.
  private func withGaps(_ layers: [Int: NamedTensors]) -> [NamedTensors] {
    (0...(layers.keys.max() ?? 0)).map { layers[$0] ?? NamedTensors() }
  }

  private func misplaced(_ name: String, _ path: String) -> RunError {
    RunError(.directory, "\(path): tensor \(name) has no place in a checkpoint")
  }
}
