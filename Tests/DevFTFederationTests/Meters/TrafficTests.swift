import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Bytes of a round, against the published formulas")
struct TrafficTests {
  /// LLaMA 3.1-8B, rank 32, q and v: width 4096, v 1024 wide; one layer, shared by all.
  static let layer = NamedTensors([
    "self_attn.q_proj.lora_A.weight": Tensor(shape: [32, 4096]),
    "self_attn.q_proj.lora_B.weight": Tensor(shape: [4096, 32]),
    "self_attn.v_proj.lora_A.weight": Tensor(shape: [32, 4096]),
    "self_attn.v_proj.lora_B.weight": Tensor(shape: [1024, 32]),
  ])
  /// `N`, the numbers of the full-depth adapter.
  static let parameterCount = 13_631_488

  private func meters(
    _ method: any FederatedMethod = FedIT(),
    capacity: Int = 32,
    format: WireFormat = .f32,
    plan: RoundPlan = plan(cohort: [0, 3])
  ) throws -> RoundMeters {
    let federation = Federation(
      method: method,
      wire: WireFormats(up: format, down: format),
      measuresAggregationError: false
    )
    let state = method.initialState(Array(repeating: Self.layer, count: capacity))
    return try federation.runRound(plan, from: state, over: EchoLink()).meters
  }

  @Test("FedIT sends N numbers each way, 61.5 % of them A")
  func fedIT() throws {
    let meters = try meters()
    let bytes = 4 * Self.parameterCount
    for client in [0, 3] {
      #expect(meters.clients[client]?.traffic == Traffic(loraUp: bytes, loraDown: bytes))
    }
    #expect(meters.traffic == Traffic(loraUp: 2 * bytes, loraDown: 2 * bytes))
    let countA = Self.layer.names.filter { $0.hasSuffix("lora_A.weight") }
      .reduce(0) { $0 + (Self.layer[$1]?.count ?? 0) }
    #expect(abs(Double(32 * countA) / Double(Self.parameterCount) - 0.615) < 0.0005)
  }

  @Test(
    "what changes only local or server steps sends what FedIT sends",
    arguments: [
      FedProx(), FedSWA(), FedAvgM(), FedAdagrad(), FedYogi(), FedAdam(), LoRAFAIR(), FlexLoRA(),
      HETLoRA(),
      FedExLoRA(), DoFIT(MethodSettings(populationCount: 4)),
    ] as [any FederatedMethod]
  )
  func likeFedIT(method: any FederatedMethod) throws {
    #expect(try meters(method).traffic == meters().traffic)
  }

  @Test("SCAFFOLD sends 2 N each way, the control variates as aux")
  func scaffold() throws {
    let bytes = 4 * Self.parameterCount
    let traffic = try #require(try meters(Scaffold()).clients[3]?.traffic)
    #expect(
      traffic == Traffic(loraUp: bytes, loraDown: bytes, aux: 2 * bytes, auxUp: bytes)
    )
    #expect(traffic.up == 2 * bytes && traffic.down == 2 * bytes)
  }

  /// Numbers of A and of B at full depth.
  static let (countA, countB) = (8_388_608, 5_242_880)

  @Test("FFA-LoRA sends N_B each way, and the seed of A with the first task")
  func ffa() throws {
    let bytes = 4 * Self.countB
    let plan = plan(round: 2, cohort: [0, 3], lastRounds: [0: 1])
    let clients = try meters(FFALoRA(), plan: plan).clients
    #expect(Self.countA + Self.countB == Self.parameterCount)
    #expect(clients[0]?.traffic == Traffic(loraUp: bytes, loraDown: bytes))
    #expect(clients[3]?.traffic == Traffic(loraUp: bytes, loraDown: bytes, aux: 8))
  }

  @Test("RoLoRA sends the live factor up and down the one that a client lacks, or both")
  func rolora() throws {
    let (bytesA, bytesB) = (4 * Self.countA, 4 * Self.countB)
    func clients(_ round: Int) throws -> [Traffic?] {
      let plan = plan(round: round, cohort: [0, 3], lastRounds: [0: round - 1, 3: round - 2])
      let meters = try meters(RoLoRA(), plan: plan)
      return [0, 3].map { meters.clients[$0]?.traffic }
    }
    #expect(
      try clients(1)
        == [bytesA + bytesB, bytesA + bytesB].map { Traffic(loraUp: bytesB, loraDown: $0) }
    )
    #expect(
      try clients(2) == [bytesB, bytesA + bytesB].map { Traffic(loraUp: bytesA, loraDown: $0) }
    )
    #expect(
      try clients(3) == [bytesA, bytesA + bytesB].map { Traffic(loraUp: bytesB, loraDown: $0) }
    )
  }

  @Test("FedSA-LoRA sends N_A each way, 61.5 % of N, and B up when its mean is the result")
  func fedSA() throws {
    let (bytesA, bytesB) = (4 * Self.countA, 4 * Self.countB)
    #expect(
      try meters(FedSALoRA()).clients[3]?.traffic == Traffic(loraUp: bytesA, loraDown: bytesA)
    )
    var options = MethodOptions()
    options.fedSAResult = .globalMeanB
    let meanB = FedSALoRA(MethodSettings(options: options))
    #expect(
      try meters(meanB).clients[3]?.traffic == Traffic(loraUp: bytesA + bytesB, loraDown: bytesA)
    )
  }

  /// Down of clients 0 and 3 in the third round, after cohorts of 3 and of 2: client 0 was in the second.
  private func down(_ method: any FederatedMethod) throws -> [Int?] {
    var state = method.initialState(Array(repeating: Self.layer, count: 2))
    var lastRounds: [Int: Int] = [:]
    var outcome: RoundOutcome?
    for (index, cohort) in [[1, 2, 4], [0, 1], [0, 3]].enumerated() {
      let plan = plan(round: index + 1, cohort: cohort, lastRounds: lastRounds)
      outcome = try Federation(method: method, measuresAggregationError: false)
        .runRound(plan, from: state, over: EchoLink())
      state = outcome?.state ?? state
      for client in cohort { lastRounds[client] = index + 1 }
    }
    return [0, 3].map { outcome?.meters.clients[$0]?.traffic.loraDown }
  }

  @Test("FLoRA sends the stacks that a client has missed, N (R_1 + … + R_K) each, and N_k up")
  func flora() throws {
    let settings = MethodSettings(populationCount: 5, ranks: [32, 16, 8, 4, 32])
    let bytes = { (rank: Int) in 4 * 2 * rank * (4 * 4096 - 3072) }
    #expect(try down(FLoRA(settings)) == [bytes(32 + 16), bytes(16 + 8 + 32) + bytes(32 + 16)])
    let plan = plan(cohort: [1, 3])
    let clients = try meters(FLoRA(settings), capacity: 2, plan: plan).clients
    #expect(clients[1]?.traffic == Traffic(loraUp: bytes(16)))
    #expect(clients[3]?.traffic == Traffic(loraUp: bytes(4)))
  }

  @Test("FedEx-LoRA sends the adapter and the residuals that a client has missed, N (K − 1) each")
  func fedEx() throws {
    let bytes = 4 * 2 * 32 * (4 * 4096 - 3072)
    #expect(try down(FedExLoRA()) == [bytes + bytes, bytes + 2 * bytes + bytes])
  }

  @Test("a newcomer gets the bank when that is less than all that was merged")
  func newcomer() throws {
    var options = MethodOptions()
    options.bankRank = 16
    let bytes = 4 * 2 * 32 * (4 * 4096 - 3072)
    #expect(
      try down(FLoRA(MethodSettings(options: options, populationCount: 5))) == [
        bytes / 2, bytes / 2,
      ]
    )
  }

  @Test("bf16 halves the bytes")
  func bf16() throws {
    let bytes = 2 * Self.parameterCount
    #expect(
      try meters(format: .bf16).clients[3]?.traffic == Traffic(loraUp: bytes, loraDown: bytes)
    )
  }

  @Test(
    "integers cost their bits, and 16 bits for each scale of 64 numbers",
    arguments: [
      (WireFormat.int8, 8.25), (.int4, 4.25),
    ]
  )
  func integers(format: WireFormat, bits: Double) throws {
    let bytes = Int(Double(Self.parameterCount) * bits / 8)
    #expect(
      try meters(format: format).clients[3]?.traffic == Traffic(loraUp: bytes, loraDown: bytes)
    )
  }

  @Test("a stage sends N L_s / L, and four equal doubling stages 1 / 2.133 of plain rounds")
  func stages() throws {
    let ups = try [4, 8, 16, 32].map { try meters(capacity: $0).traffic.loraUp }
    let full = 2 * 4 * Self.parameterCount
    #expect(ups == [full / 8, full / 4, full / 2, full])
    #expect(Double(4 * full) / Double(ups.reduce(0, +)) == 32.0 / 15)
  }

  @Test(
    "nothing travels without federation",
    arguments: [Centralised(), LocalOnly()] as [any FederatedMethod]
  )
  func nothing(method: any FederatedMethod) throws {
    #expect(try meters(method).traffic == Traffic())
  }

  @Test("a client that fails has received but not sent; a refused or repeated update has been sent")
  func partialTraffic() throws {
    let link = FaultyLink(EchoLink()) { outcomes in
      [
        outcomes[0], outcomes[0], outcomes[1].changing { $0.report.loss = .nan },
        .failure(ClientFailure(client: 2, reason: "gone")),
      ]
    }
    let outcome = try Federation(method: FedIT()).runRound(
      plan(cohort: [0, 1, 2], shipments: [2: Traffic(baseDown: 500, aux: 7)]),
      from: .init(global: fixedAdapter()),
      over: link
    )
    // 2 layers of 3·5 + 7·3 + 3·5 + 2·3 numbers.
    let bytes = 4 * 2 * 57
    #expect(
      outcome.meters.clients.mapValues(\.traffic) == [
        0: Traffic(loraUp: 2 * bytes, loraDown: bytes),
        1: Traffic(loraUp: bytes, loraDown: bytes),
        2: Traffic(loraDown: bytes, baseDown: 500, aux: 7),
      ]
    )
  }
}
