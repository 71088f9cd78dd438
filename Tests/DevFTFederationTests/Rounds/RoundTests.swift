import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("A round of federated averaging")
struct RoundTests {
  static let link = InProcessLink(workerCount: 2, trainer: NoOpTrainer())
  static let start = FederatedState(global: fixedAdapter())
  static let federation = Federation(method: FedIT(), minimumUpdateCount: 2)

  private func run(
    _ federation: Federation = federation,
    cohort: [Int] = [1, 4, 6],
    damage: @escaping @Sendable ([ClientOutcome]) -> [ClientOutcome] = { $0 }
  ) throws -> RoundOutcome {
    let link = FaultyLink(Self.link, damage: damage)
    return try federation.runRound(plan(cohort: cohort), from: Self.start, over: link)
  }

  @Test("takes the mean of what the clients trained, by the examples they hold")
  func mean() throws {
    let outcome = try run()
    let trained = [1, 4, 6].map { client in
      NoOpTrainer().train(task(client: client)).adapter
    }
    // Examples 5, 11 and 15 of 31, at one place of one tensor.
    let name = "self_attn.v_proj.lora_B.weight"
    let numbers = try trained.map { try Double(#require($0[1][name]).elements[4]) }
    let examples: [Double] = [5, 11, 15]
    let loss = try #require(outcome.loss)
    let expected = Float(zip(numbers, examples).reduce(0) { $0 + $1.0 * ($1.1 / 31) })
    let expectedLoss: Double = (11.25 + 33 + 52.5) / 31
    #expect(try #require(outcome.state.global[1][name]).elements[4] == expected)
    #expect(isClose(loss, expectedLoss, within: Tolerance.doubleSums))
    #expect(outcome.rejected.isEmpty && outcome.failures.isEmpty)
    #expect(outcome.reports.keys.sorted() == [1, 4, 6])
    #expect(outcome.aggregationErrors.count == 4)
  }

  @Test("does not depend on the order of the cohort or of arrival")
  func anyOrder() throws {
    let expected = try bits(run().state.global)
    #expect(try bits(run(cohort: [6, 1, 4]).state.global) == expected)
    #expect(try bits(run { $0.reversed() }.state.global) == expected)
  }

  @Test("with one client ends in that client's adapter")
  func oneClient() throws {
    let alone = Federation(method: FedIT(), minimumUpdateCount: 1)
    let outcome = try run(alone, cohort: [4])
    #expect(bits(outcome.state.global) == bits(NoOpTrainer().train(task(client: 4)).adapter))
    #expect(outcome.aggregationErrors.allSatisfy { $0.relative == 0 })
  }

  /// What goes wrong with client 4's update, and the reason it is refused for.
  static let faults: [(RejectedUpdate.Reason, @Sendable (inout ClientUpdate) -> Void)] = [
    (.nonFinite, { $0.adapter[1]["self_attn.q_proj.lora_B.weight"]?.elements[2] = .nan }),
    (.nonFinite, { $0.adapter[0]["self_attn.v_proj.lora_A.weight"]?.elements[0] = -.infinity }),
    (.nonFinite, { $0.report.loss = .nan }),
    (.wrongShape, { $0.adapter.removeLast() }),
    (.wrongShape, { $0.adapter.append($0.adapter[0]) }),
    (.wrongShape, { $0.adapter = [] }),
    (.wrongShape, { $0.adapter[0]["self_attn.q_proj.lora_A.weight"] = nil }),
    (.wrongShape, { $0.adapter[0]["extra"] = Tensor(shape: [1]) }),
    (.wrongShape, { $0.adapter[1]["self_attn.q_proj.lora_A.weight"] = Tensor(shape: [5, 3]) }),
    (.wrongReport, { $0.report.exampleCount = -1 }),
    (.wrongReport, { $0.report.tokenCount = .max }),
    (.wrongReport, { $0.report.computeTime = .seconds(-1) }),
    (.wrongRound, { $0.round = 2 }),
    (.notInCohort, { $0.client = 5 }),
  ]

  @Test("refuses a spoilt update as an event and goes on without it", arguments: faults.indices)
  func spoiltUpdate(_ index: Int) throws {
    let (reason, spoil) = Self.faults[index]
    let outcome = try run { outcomes in [outcomes[0], outcomes[1].changing(spoil), outcomes[2]] }
    #expect(outcome.rejected.map(\.reason) == [reason])
    #expect(outcome.reports.keys.sorted() == [1, 6])
    #expect(try bits(outcome.state.global) == bits(run(cohort: [1, 6]).state.global))
  }

  @Test("counts the first of a client's updates and notes the second")
  func duplicate() throws {
    let outcome = try run { outcomes in
      let second = outcomes[1].changing { $0.adapter = fixedAdapter(phase: 9) }
      return [outcomes[0], outcomes[1], second, outcomes[2], outcomes[0]]
    }
    #expect(outcome.rejected.map(\.client) == [1, 4])
    #expect(outcome.rejected.allSatisfy { $0.reason == .duplicate })
    #expect(try bits(outcome.state.global) == bits(run().state.global))
  }

  @Test("goes on while the quorum is there, and says why when it is not")
  func quorum() throws {
    let outcome = try run { [$0[2], $0[0]] }
    #expect(outcome.reports.keys.sorted() == [1, 6])
    let skipped = try run { outcomes in
      [outcomes[0], outcomes[1].changing { $0.report.loss = .infinity }]
    }
    #expect(skipped.skipReason?.code == .quorumMissed)
    #expect(
      skipped.skipReason?.message == "round 1: 1 of at least 2 updates arrived; "
        + "client 4: the training loss is NaN or infinite"
    )
    #expect(try run { _ in [] }.skipReason?.code == .quorumMissed)
  }

  @Test("that is skipped changes no state, and its bytes count all the same")
  func skipped() throws {
    let outcome = try run { [$0[1]] }
    #expect(outcome.state == Self.start && outcome.loss == nil)
    #expect(outcome.aggregationErrors.isEmpty && outcome.reports.keys.sorted() == [4])
    let bytes = 4 * 2 * 57
    #expect(outcome.meters.traffic == Traffic(loraUp: bytes, loraDown: 3 * bytes))
  }

  @Test("turns a client's failure and its NaN loss into outcomes with a reason")
  func failures() throws {
    let trainer = FaultyTrainer([4: .failure("disk full"), 6: .lossIsNaN])
    let link = InProcessLink(workerCount: 2, trainer: trainer)
    let outcome = try Self.federation.runRound(
      plan(cohort: [0, 1, 4, 6]),
      from: Self.start,
      over: link
    )
    #expect(outcome.failures.map(\.client) == [4, 6])
    #expect(outcome.failures[0].reason == "disk full")
    #expect(outcome.failures[1].reason.contains("loss"))
    let skipped = try Self.federation.runRound(
      plan(cohort: [1, 4, 6]),
      from: Self.start,
      over: link
    )
    #expect(skipped.skipReason?.message.hasSuffix("; client 4: disk full") == true)
  }

  @Test("refuses a quorum that no cohort can reach", arguments: [0, 4])
  func impossibleQuorum(minimum: Int) {
    let federation = Federation(method: FedIT(), minimumUpdateCount: minimum)
    #expect(federationError { _ = try run(federation) }?.code == .invalidSetting)
  }

  @Test("is skipped when every update weighs nothing")
  func weightless() throws {
    let outcome = try run { $0.map { $0.changing { $0.report.exampleCount = 0 } } }
    #expect(outcome.skipReason?.code == .noWeight && outcome.state == Self.start)
  }
}
