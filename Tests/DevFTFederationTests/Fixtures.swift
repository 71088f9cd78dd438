import DevFTFederation
import DevFTTensor
import _DevFTTestSupport

/// A small adapter of modules q and v, `[out, in]` 7×5 and 2×5, whose numbers follow a ramp.
func fixedAdapter(layerCount: Int = 2, rank: Int = 3, phase: Double = 0) -> [NamedTensors] {
  (0..<layerCount).map { layer in
    let shift = phase + Double(layer) * 0.37
    return NamedTensors([
      "self_attn.q_proj.lora_A.weight": fixedTensor(shape: [rank, 5], phase: shift),
      "self_attn.q_proj.lora_B.weight": fixedTensor(shape: [7, rank], phase: shift + 1.1),
      "self_attn.v_proj.lora_A.weight": fixedTensor(shape: [rank, 5], phase: shift + 2.3),
      "self_attn.v_proj.lora_B.weight": fixedTensor(shape: [2, rank], phase: shift + 3.9),
    ])
  }
}

/// An update of a client whose adapter, example count and token count are its own.
func fixedUpdate(
  client: Int,
  examples: Int? = nil,
  adapter: [NamedTensors]? = nil,
  round: Int = 1
) -> ClientUpdate {
  ClientUpdate(
    client: client,
    round: round,
    adapter: adapter ?? fixedAdapter(phase: Double(client) * 1.7),
    report: TrainingReport(
      exampleCount: examples ?? 3 + client * client,
      tokenCount: 400 - 13 * client,
      stepCount: 4,
      loss: 1 + 0.5 * Double(client)
    )
  )
}

/// Three unequal clients in no order.
let threeUpdates = [fixedUpdate(client: 7), fixedUpdate(client: 2), fixedUpdate(client: 11)]

/// The bits of every number: equality of bytes, not of values.
func bits(_ adapter: [NamedTensors]) -> [[String: [UInt32]]] {
  adapter.map { layer in
    let pairs = layer.names.map { ($0, (layer[$0]?.elements ?? []).map(\.bitPattern)) }
    return Dictionary(uniqueKeysWithValues: pairs)
  }
}

/// A task in the first stage with the local training all tests use.
func task(client: Int, round: Int = 1, adapter: [NamedTensors] = fixedAdapter()) -> ClientTask {
  ClientTask(
    client: client,
    stage: 1,
    place: TaskPlace(round: round, roundOfStage: round),
    adapter: adapter,
    training: plan(cohort: [client]).training
  )
}

/// A plan with the local training all tests use.
func plan(
  round: Int = 1,
  cohort: [Int],
  lastRounds: [Int: Int] = [:],
  shipments: [Int: Traffic] = [:]
) -> RoundPlan {
  RoundPlan(
    round: round,
    stage: 1,
    lastRounds: lastRounds,
    cohort: cohort,
    training: LocalTrainingTask(learningRate: 1e-3, stepCount: 4, batchExampleCount: 8),
    shipments: shipments
  )
}

extension Result {
  /// The error, when there is one.
  var failure: Failure? {
    if case .failure(let error) = self { error } else { nil }
  }
}

/// The federation error that a call throws, or `nil` when it throws none.
func federationError(_ body: () throws -> Void) -> FederationError? {
  Result(catching: body).failure as? FederationError
}

/// The first round of a run.
let firstPlace = TaskPlace(round: 1, roundOfStage: 1)
