public import DevFTTensor

/// Federated averaging over a window of layers that slides upwards by one layer a round.
///
/// - A round trains `Q` consecutive layers. Those below run forward only and keep nothing; those above
///   are neither held nor run. The loss is `local + λ · global`: local is that of an early exit from the window's end
///   through the model's own final norm and head, global that of the same hidden state sent through the remaining
///   adapters alone, then norm and head. At the last window it is the whole model's loss.
/// - The source's adapters are modules on the residual stream. Of those of projections the ones have a way of their own
///   whose input and output are as wide as the stream (`q` and `o`): `h ← h + s B A h`. Where none has, and before
///   anybody has trained a layer above, the global loss is the local one.
/// - The first window starts at layer `L_start`, the last one ends at `L`; then the first one is next. `L_start` is
///   the first layer whose output is like its input by less than `threshold` (linear CKA, mean over the
///   first cohort, one batch a client, `4 L` bytes up as `aux`), and 0 when there is none. Layers
///   below it are never trained.
/// - Bytes `b N Q / L` up. Down travels what a client lacks: the window, and the layers below it that have
///   changed since it last held them; as `aux` the trained pairs above it that have a way of their own.
/// - SeeAlso: Wu et al., 2026, <https://arxiv.org/abs/2604.06819>.
public struct ChainFed: FederatedMethod {
  /// `chainfed`.
  public static let name = "chainfed"
  /// For the reference.
  public static let meaning = "fedit on a window of layers that slides upwards"

  private let settings: MethodSettings
  private static let start = "chainfed.start"

  /// Creates the method.
  ///
  /// - Parameter settings: Its `options.window` is `Q`, `options.chainThreshold` the threshold.
  public init(_ settings: MethodSettings = MethodSettings()) { self.settings = settings }

  /// Stages are an alternative.
  ///
  /// - Parameter feature: What a run asks for.
  /// - Returns: A reason against stages and unequal ranks.
  public static func objection(to feature: MethodFeature) -> String? {
    layerObjection(to: feature, "it trains a window of federation.options.window layers")
  }

  /// Finds the lowest layer worth training.
  ///
  /// - Parameters:
  ///   - state: The state before any round.
  ///   - survey: Says how much each layer changes.
  /// - Returns: The state that knows where windows start.
  /// - Throws: What the survey throws.
  public func prepared(
    _ state: FederatedState,
    by survey: any LayerSurvey
  ) throws -> FederatedState {
    let start = try survey.passThrough().firstIndex { $0 < settings.options.chainThreshold }
    var state = state
    state.numbers[Self.start] = [0: Double(start ?? 0)]
    return state
  }

  /// The similarities of the first cohort's clients.
  ///
  /// - Parameter place: Round, and when the client last took part.
  /// - Returns: One number a layer in the first round.
  public func seedTraffic(at place: TaskPlace) -> Traffic {
    let bytes = place.round == 1 ? 4 * (settings.layerCount ?? 0) : 0
    return Traffic(aux: bytes, auxUp: bytes)
  }

  /// The window of the round, and the layers below it.
  ///
  /// - Parameters:
  ///   - client: The client; all have the same.
  ///   - place: Its round.
  ///   - state: What the last round left.
  /// - Returns: The selection.
  public func layers(
    of client: Int,
    at place: TaskPlace,
    in state: FederatedState
  ) -> LayerSelection? {
    let count = state.global.count
    let width = width(layerCount: count)
    let first = min(Int(state.numbers[Self.start]?[0] ?? 0), count - width)
    let lower = first + (place.round - 1) % (count - width - first + 1)
    return LayerSelection(
      layerCount: count,
      present: 0..<lower + width,
      trained: lower..<lower + width
    )
  }

  /// The pairs above the window that have a way of their own and are trained.
  ///
  /// - Parameters:
  ///   - state: What the last round left.
  ///   - place: The round.
  /// - Returns: One set a layer above the window; nothing where none is trained.
  public func auxiliary(in state: FederatedState, at place: TaskPlace) -> [NamedTensors] {
    guard let window = layers(of: 0, at: place, in: state) else { return [] }
    let changed = LayerHoldings(state).changedLayers
    return (window.present.count..<window.layerCount).filter(changed.contains).map { layer in
      var pairs = NamedTensors()
      for pair in AdapterPair.pairs(in: state.global[layer]) {
        let (loraA, loraB) = (state.global[layer][pair.loraA], state.global[layer][pair.loraB])
        guard let loraA, let loraB, loraA.columnCount == loraB.rowCount,
          settings.width.map({ $0 == loraA.columnCount }) ?? true
        else { continue }
        (pairs[pair.loraA], pairs[pair.loraB]) = (loraA, loraB)
      }
      return pairs
    }
  }

  /// The pairs above the window stay as they are.
  public var returnsAuxiliary: Bool { false }

  /// Clients look at the global loss, too, unless their window is the last.
  ///
  /// - Parameter task: What the client is to do.
  /// - Returns: The rule.
  public func localRule(for task: ClientTask) -> any LocalRule {
    guard let layers = task.layers, layers.present.count < layers.layerCount else {
      return PlainRule()
    }
    return ChainRule(chain: (task.auxiliary, settings.options.chainWeight))
  }

  /// The last window, where all layers run.
  ///
  /// - Parameter layerCount: Layers `L` of the model.
  /// - Returns: The selection.
  public func costliestLayers(layerCount: Int) -> LayerSelection? {
    LayerSelection(
      layerCount: layerCount,
      trained: layerCount - width(layerCount: layerCount)..<layerCount
    )
  }

  /// `Q`: a quarter of the layers where nothing is said, as the source has for 32.
  private func width(layerCount: Int) -> Int {
    min(settings.options.window ?? max(1, layerCount / 4), layerCount)
  }
}

/// A second loss, through the adapters above the window.
private struct ChainRule: LocalRule {
  let chain: (adapters: [NamedTensors], weight: Double)?
}
