/// Which layers' adapters clients hold as the server has them, so that they need not travel again.
///
/// A client that took part holds the layers that ran in its round as they were before it; the server
/// knows when each layer changed since. A layer that nobody has trained yet has a zero B and changes
/// nothing: it travels only to those who are to train it.
struct LayerHoldings {
  private var state: FederatedState

  private static let changes = "layers.changed"
  private static func name(of client: Int) -> String { "layers.held.\(client)" }

  /// Reads what a state knows of the clients.
  init(_ state: FederatedState) { self.state = state }

  /// Layers that somebody has trained.
  var changedLayers: Set<Int> { Set((state.numbers[Self.changes] ?? [:]).keys) }

  /// The layers of a client's round whose adapters need not travel down.
  ///
  /// - Parameters:
  ///   - layers: What its round uses.
  ///   - client: The client, from 0.
  /// - Returns: Some of the layers that run.
  func untouched(_ layers: LayerSelection, of client: Int) -> [Int] {
    let changed = state.numbers[Self.changes] ?? [:]
    let held = state.numbers[Self.name(of: client)] ?? [:]
    let trained = Set(layers.trained)
    return layers.present.filter { layer in
      guard let received = held[layer] else {
        return !trained.contains(layer) && changed[layer] == nil
      }
      // What it received in a round is from before that round.
      return changed[layer].map { $0 < received } ?? true
    }
  }

  /// The state after a round.
  ///
  /// - Parameters:
  ///   - round: Round from 1.
  ///   - tasks: Tasks of the clients whose updates were combined.
  /// - Returns: The state that knows what they hold and which layers have changed.
  func after(round: Int, _ tasks: [ClientTask]) -> FederatedState {
    var state = state
    for task in tasks {
      guard let layers = task.layers else { continue }
      let (trained, changed) = (Set(layers.trained), state.numbers[Self.changes] ?? [:])
      for layer in layers.present where trained.contains(layer) || changed[layer] != nil {
        state.numbers[Self.name(of: task.client), default: [:]][layer] = Double(round)
      }
    }
    for layer in tasks.flatMap({ $0.layers?.trained ?? [] }) {
      state.numbers[Self.changes, default: [:]][layer] = Double(round)
    }
    return state
  }
}
