import DevFTTensor

/// Federated averaging over submodels of some original layers, drawn for each client and round.
///
/// - The server groups the layers by what they do: linear CKA of their outputs on public prompts,
///   and the spectral partition of stages, into as many groups as a client's submodel has layers `K`.
/// - A client's submodel has one layer of each group, drawn by importance, in the order of the
///   model; all of them are trained, the others are neither held nor run.
/// - The importance of a layer is a moving average of its gradient's norm: see `LayerImportance`.
/// - The server takes the mean of each layer over its owners alone; a layer without owner stays.
/// - Bytes `b N K / L` up and, once the layers change in every round, down; `4 K` more up for the norms and
///   one a layer down for the choice, as `aux`.
/// - Differs from the source, which has each client find the similarity on its own data with the whole model,
///   and gives no formula for the importance: groups are the server's, the importance ours.
/// - Evaluated as the whole model with all adapters.
/// - SeeAlso: FedPruner, 2025, <https://arxiv.org/abs/2508.17209>.
public struct FedPruner: FederatedMethod {
  /// `fedpruner`.
  public static let name = "fedpruner"
  /// For the reference.
  public static let meaning = "fedit on layers drawn for each client from groups of like ones"

  /// Layers are grouped by what they do to prompts.
  public static let needsPrompts = true

  private let settings: MethodSettings
  private static func groups(_ count: Int) -> String { "fedpruner.groups.\(count)" }

  /// Creates the method.
  ///
  /// - Parameter settings: Its `clientLayers` or `options.layers` say how many layers clients have, its
  ///   `seed` is that of the draws.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

  /// Stages are an alternative.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against stages and unequal ranks.
  public static func objection(to feature: MethodFeature) -> String? {
    layerObjection(to: feature, "its clients have federation.options.layers layers")
  }

  /// Groups the layers for every size of submodel.
  ///
  /// - Parameters:
  ///   - state: The state before any round.
  ///   - survey: Groups layers that are alike.
  /// - Returns: The state with the groups.
  /// - Throws: What the survey throws.
  public func prepared(
    _ state: FederatedState,
    by survey: any LayerSurvey
  ) throws -> FederatedState {
    var state = state
    let layerCount = state.global.count
    for count in Set(sizes(layerCount)).sorted() {
      for (group, layers) in try survey.groups(count: count).enumerated() {
        for layer in layers {
          state.numbers[Self.groups(count), default: [:]][layer] = Double(group)
        }
      }
    }
    return state
  }

  /// One layer of each group.
  ///
  /// - Parameters:
  ///   - client: The client, from 0.
  ///   - place: Its round.
  ///   - state: What the last round left, with groups and importance.
  /// - Returns: Layers that all run and are trained.
  public func layers(
    of client: Int,
    at place: TaskPlace,
    in state: FederatedState
  ) -> LayerSelection? {
    let (layerCount, count) = (state.global.count, size(of: client, state.global.count))
    let groups = Dictionary(grouping: 0..<layerCount) { layer in
      // Without groups of its own, runs of nearly equal length.
      state.numbers[Self.groups(count)]?[layer].map { Int($0) } ?? layer * count / layerCount
    }
    let importance = LayerImportance(state)
    var stream = RandomStream(
      seed: settings.seed,
      purpose: Self.name,
      round: place.round,
      client: client
    )
    let drawn = groups.sorted { $0.key < $1.key }.map { _, layers in
      importance.draw(from: layers, using: &stream)
    }
    return LayerSelection(layerCount: layerCount, present: drawn)
  }

  /// The largest submodel of a client.
  ///
  /// - Parameter layerCount: Layers `L` of the model.
  /// - Returns: A selection of as many layers.
  public func costliestLayers(layerCount: Int) -> LayerSelection? {
    LayerSelection(layerCount: layerCount, present: 0..<(sizes(layerCount).max() ?? layerCount))
  }

  /// Clients tell how steep the loss was along each of their layers.
  ///
  /// - Parameter task: What the client is to do.
  /// - Returns: The rule.
  public func localRule(for task: ClientTask) -> any LocalRule { GradientNormRule() }

  /// Takes each layer's mean over its owners, and follows their gradients.
  ///
  /// - Parameters:
  ///   - updates: Checked updates with their shares.
  ///   - state: What the last round left.
  /// - Returns: The state with a new global adapter and new importance.
  public func combine(_ updates: WeightedUpdates, into state: FederatedState) -> FederatedState {
    var result = state
    result.global = updates.mean(elsewhere: state.global)
    let importance = LayerImportance(state)
    result.numbers[LayerImportance.name] =
      importance.following(updates, memory: settings.options.importanceMemory).values
    return result
  }

  private func size(of client: Int, _ layerCount: Int) -> Int {
    settings.clientLayers.map { min($0[client], layerCount) }
      ?? settings.layersPerRound(of: layerCount)
  }

  private func sizes(_ layerCount: Int) -> [Int] {
    settings.clientLayers?.map { min($0, layerCount) } ?? [
      settings.layersPerRound(of: layerCount)
    ]
  }
}

/// Plain training that reports the gradients' norms.
private struct GradientNormRule: LocalRule {
  let reportsGradientNorms = true
}
