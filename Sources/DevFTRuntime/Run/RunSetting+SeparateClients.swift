import DevFTFederation
import DevFTFormats
import DevFTModel
import DevFTTensor

extension RunSetting {
  /// Refuses a model and settings that a federation whose clients are machines of their own does not carry.
  ///
  /// No task carries a head or the classes that it tells apart; who stays away and how long a device
  /// takes is seen there, not modelled.
  ///
  /// - Parameters:
  ///   - configuration: The run.
  ///   - architecture: Its model.
  /// - Throws: `RunError` with code `unsupported`.
  static func check(
    separateClientsWith configuration: RunConfiguration,
    on architecture: ModelArchitecture
  ) throws(RunError) {
    if let encoder = architecture.encoder {
      throw RunError(
        .unsupported,
        "model: expected a decoder when clients are machines of their own, got an encoder "
          + "(\(encoder.family)), whose head and classes no task carries"
      )
    }
    let dropout = configuration.federation.dropout
    if dropout > 0 {
      throw RunError(
        .unsupported,
        "federation.dropout: expected 0 when clients are machines of their own, which stay away by "
          + "themselves, got \(dropout)"
      )
    }
    if configuration.devices != DevicesConfiguration() {
      throw RunError(
        .unsupported,
        "devices: expected none of its keys when clients are machines of their own, whose times are real; "
          + "serve --deadline sets how long a round waits for them"
      )
    }
  }

  /// Refuses methods that a federation whose clients are machines of their own does not carry.
  ///
  /// A client gets an adapter and the map of the stage with each task, and keeps nothing: it cannot
  /// remember something from round to round, share examples, run some of the layers, or hold what has
  /// been merged into the base.
  ///
  /// - Parameters:
  ///   - method: The method.
  ///   - partition: The clients.
  ///   - configuration: The run.
  /// - Throws: `RunError` with code `unsupported`.
  static func check(
    separateClientsOf method: any FederatedMethod,
    _ partition: Partition,
    _ configuration: RunConfiguration
  ) throws(RunError) {
    if let reason = objection(toSeparateClientsOf: method, partition, configuration) {
      throw RunError(
        .unsupported,
        "federation.method: expected one whose tasks carry all that a client needs when clients are "
          + "machines of their own, got \(method.name), \(reason)"
      )
    }
    // The server sees no example, and would deal the domains otherwise than a run that does.
    if method is DoFIT, let field = configuration.data.partition.field {
      throw RunError(
        .unsupported,
        "data.partition.field: expected none with \(method.name) when clients are machines of their own, "
          + "since the server sees no example's \(field); domains are then dealt with the seed"
      )
    }
  }

  /// What a task of the method would have to carry, as a clause after its name; `nil` when an adapter is all.
  private static func objection(
    toSeparateClientsOf method: any FederatedMethod,
    _ partition: Partition,
    _ configuration: RunConfiguration
  ) -> String? {
    switch method {
    case is ProgFed, is TopGrowth, is ChainFed, is FedPruner, is RandomLayers, is TopLayers,
      is EvenLayers:
      return "whose clients run some of the layers"
    case is FLoRA, is FedExLoRA: return "which merges into the base"
    case is C2A: return "whose clients train a hypernetwork"
    default: break
    }
    guard method.population(of: partition) == partition else {
      return "whose clients do not train each on its own examples"
    }
    let places = [
      TaskPlace(round: 1, roundOfStage: 1), TaskPlace(round: 2, roundOfStage: 2, lastRound: 1),
      TaskPlace(round: 3, roundOfStage: 1, lastRound: 2),
    ]
    let names = configuration.lora.configuration(baseModel: "", encoder: nil).targets
      .flatMap { [$0.loraAName, $0.loraBName] }
    let sendsAll = places.allSatisfy { place in
      names.allSatisfy {
        method.travels($0, .down, at: place) && method.travels($0, .up, at: place)
      }
    }
    let state = method.initialState([NamedTensors()])
    guard sendsAll, places.allSatisfy({ method.auxiliary(in: state, at: $0).isEmpty }) else {
      return "whose clients remember something from round to round"
    }
    return nil
  }
}
