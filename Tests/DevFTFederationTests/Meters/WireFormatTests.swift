import DevFTTensor
import Testing
import _DevFTTestSupport

@testable import DevFTFederation

@Suite("Wire format")
struct WireFormatTests {
  @Test("bf16 rounds to nearest, ties to even, as the independent witness does")
  func golden() throws {
    for rounding in try ServerStepGolden.load().bf16 {
      let sent = Tensor(shape: [1], elements: [rounding.sent])
      #expect(WireFormat.bf16.received(sent).elements == [rounding.received])
      #expect(WireFormat.f32.received(sent) == sent)
    }
  }

  @Test("bf16 keeps what is no number, and what it holds already")
  func special() {
    let received = WireFormat.bf16.received(
      Tensor(shape: [4], elements: [.infinity, -.infinity, Float(bitPattern: 0x7f80_0001), -0.0])
    )
    #expect(received.elements[0] == .infinity && received.elements[1] == -.infinity)
    #expect(received.elements[2].isNaN && received.elements[3].sign == .minus)
    let once = WireFormat.bf16.received(fixedTensor(shape: [50]))
    #expect(WireFormat.bf16.received(once) == once && once != fixedTensor(shape: [50]))
  }

  @Test("what travels is rounded on both ways; what stays is not")
  func rounds() throws {
    let link = InProcessLink(workerCount: 1, trainer: NoOpTrainer())
    let start = FederatedState(global: fixedAdapter())
    func result(_ method: any FederatedMethod) throws -> FederatedState {
      try Federation(method: method, wire: WireFormats(up: .bf16, down: .bf16))
        .runRound(plan(cohort: [2]), from: start, over: link).state
    }
    let name = "self_attn.q_proj.lora_A.weight"
    let global = try #require(result(FedIT()).global[0][name])
    #expect(WireFormat.bf16.received(global) == global)
    let own = try #require(result(LocalOnly()).personal[2]?[0][name])
    #expect(WireFormat.bf16.received(own) != own)
  }

  @Test("integers carry the difference from what the other side holds")
  func differences() {
    let held = fixedTensor(shape: [3, 50])
    let moved = Tensor(
      shape: held.shape,
      elements: held.elements.enumerated().map { $1 + 1e-3 * Float($0 % 7 - 3) }
    )
    for (format, step) in [(WireFormat.int8, Float(3e-3 / 127)), (.int4, 3e-3 / 7)] {
      let received = format.received(moved, against: held)
      let worst = zip(received.elements, moved.elements).map { abs($0 - $1) }.max() ?? 1
      #expect(worst < 0.51 * step)
      #expect(format.received(held, against: held) == held)
      #expect(format.received(moved) != received)
      #expect(format.received(moved, against: fixedTensor(shape: [150])) == format.received(moved))
    }
  }

  @Test("an update is taken from what its client started from, a task from the plan's reference")
  func references() throws {
    let link = EchoLink()
    let start = FederatedState(global: fixedAdapter())
    var round = plan(cohort: [2])
    let federation = Federation(method: FedIT(), wire: WireFormats(up: .int4, down: .int4))
    let sent = try federation.runRound(round, from: start, over: link).state.global
    round.reference = start.global
    let same = try federation.runRound(round, from: start, over: link).state.global
    // Nothing is trained, so a task that arrives whole comes back whole.
    #expect(same == start.global && sent != start.global)
  }
}
