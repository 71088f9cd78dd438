import DevFTFederation
import DevFTStages

extension RunConfiguration {
  /// Checks what no key can check alone.
  ///
  /// - Parameter root: What was written, for the lines of errors.
  /// - Throws: `ConfigurationError` with code `contradiction`.
  func check(_ root: ConfigurationNode) throws(ConfigurationError) {
    for contradiction in contradictions {
      throw ConfigurationError(
        .contradiction,
        at: root.place(of: contradiction.key),
        key: contradiction.key,
        contradiction.message
      )
    }
  }

  /// A key whose value another key forbids.
  private typealias Contradiction = (key: [String], message: String)

  private var contradictions: [Contradiction] {
    cohortContradictions + scheduleContradictions + partitionContradictions + stageContradictions
      + methodContradictions + deviceContradictions
  }

  private var cohortContradictions: [Contradiction] {
    var found: [Contradiction] = []
    let (cohort, population) = (federation.clientsPerRound, federation.clients)
    if cohort > population {
      let message = "expected at most federation.clients, which is \(population), got \(cohort)"
      found.append((["federation", "clients_per_round"], message))
    }
    if let ranks = federation.ranks, let largest = ranks.max(), largest > lora.rank {
      let message = "expected each at most lora.rank, which is \(lora.rank), got \(largest)"
      found.append((["federation", "ranks"], message))
    }
    if federation.minClients > cohort {
      let message =
        "expected at most federation.clients_per_round, which is \(cohort), "
        + "got \(federation.minClients)"
      found.append((["federation", "min_clients"], message))
    }
    return found + growthContradictions
  }

  /// Cohorts that grow, to the size and in the rounds that other keys say.
  private var growthContradictions: [Contradiction] {
    guard let cohorts = federation.cohorts, let first = cohorts.first, let last = cohorts.last
    else {
      guard federation.cohortRounds != nil else { return [] }
      return [(["federation", "cohort_rounds"], "expected federation.cohorts beside it")]
    }
    var found: [Contradiction] = []
    if last != federation.clientsPerRound {
      let message = "expected to end at federation.clients_per_round \(federation.clientsPerRound)"
      found.append((["federation", "cohorts"], "\(message), got \(last)"))
    }
    if federation.minClients > first {
      let message =
        "expected at least federation.min_clients \(federation.minClients), got \(first)"
      found.append((["federation", "cohorts"], message))
    }
    do {
      _ = try federation.cohortGrowth
    } catch {
      let key = federation.cohortRounds == nil ? "cohorts" : "cohort_rounds"
      found.append((["federation", key], error.message))
    }
    return found
  }

  /// Modelled times need a speed.
  private var deviceContradictions: [Contradiction] {
    guard devices.gigaflops == nil else { return [] }
    let asked = [(devices.deadline != nil, "deadline"), (devices.slowShare > 0, "slow_share")]
    return asked.filter(\.0).map { (["devices", $1], "expected devices.gigaflops beside it") }
  }

  /// What the method cannot do, and the key that asks for it.
  private var methodContradictions: [Contradiction] {
    var asked: [(feature: MethodFeature, key: [String])] = []
    if let stages {
      asked.append((.stages, ["stages"]))
      let (grouping, fusion) = (stages.construction.grouping, stages.construction.fusion)
      if grouping.kind == .dglg, [.all, .matricesAndAdapter].contains(grouping.similarity) {
        asked.append((.groupingByAdapter, ["stages", "grouping", "similarity"]))
      }
      if fusion.kind == .sum, fusion.adapter == .fuse {
        asked.append((.fusionBySum, ["stages", "fusion", "kind"]))
      }
    }
    if local.rateRatioOfB != 1 { asked.append((.unequalRates, ["local", "b_rate_ratio"])) }
    if federation.stragglers == .stale {
      asked.append((.lateUpdates, ["federation", "stragglers"]))
    }
    if federation.ranks != nil { asked.append((.unequalRanks, ["federation", "ranks"])) }
    let name = federation.method.rawValue
    guard let method = try? FederatedMethods.named(name) else { return [] }
    if method.needsPrompts, federation.prompts == nil, data.eval == nil {
      let message =
        "expected a file, or data.eval in its place, since the server of method \(name) looks at "
        + "public prompts; got neither"
      return [(["federation", "prompts"], message)]
    }
    return asked.compactMap { feature, key in
      method.objection(to: feature).map { (key, "method \(name) cannot have this: \($0)") }
    }
  }

  private var scheduleContradictions: [Contradiction] {
    guard local.schedule == .roundCosine, local.finalLearningRate > local.learningRate else {
      return []
    }
    let message =
      "expected at most local.learning_rate, which is \(local.learningRate), "
      + "got \(local.finalLearningRate)"
    return [(["local", "final_learning_rate"], message)]
  }

  private var partitionContradictions: [Contradiction] {
    let kind = data.partition.kind
    guard kind == .field || kind == .dirichlet, data.partition.field == nil else { return [] }
    let message = "expected data.partition.field beside it, got none"
    return [(["data", "partition", "kind"], message)]
  }

  private var stageContradictions: [Contradiction] {
    guard let stages else { return [] }
    var found: [Contradiction] = []
    if let capacities = stages.capacities, capacities.count > federation.rounds {
      let message = "expected at most as many stages as federation.rounds, which is "
      found.append((["stages", "capacities"], message + "\(federation.rounds)"))
    }
    if stages.capacities != nil, stages.initial != nil || stages.growth != 2 {
      let message = "expected either the capacities or initial and growth, got both"
      found.append((["stages", "capacities"], message))
    }
    guard let rounds = stages.rounds else { return found }
    if let capacities = stages.capacities, rounds.count != capacities.count {
      let message = "expected one number a stage, that is \(capacities.count), got \(rounds.count)"
      found.append((["stages", "rounds"], message))
    }
    // Every number is at most the total, so that the sum cannot overflow unnoticed.
    let fits = rounds.allSatisfy { $0 <= federation.rounds }
    if !fits || federation.rounds % rounds.reduce(0, +) != 0 {
      let message = "expected a sum that divides federation.rounds, which is \(federation.rounds)"
      found.append((["stages", "rounds"], message))
    }
    return found
  }
}
