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
      try Federation(method: method, wireFormat: .bf16)
        .runRound(plan(cohort: [2]), from: start, over: link).state
    }
    let name = "self_attn.q_proj.lora_A.weight"
    let global = try #require(result(FedIT()).global[0][name])
    #expect(WireFormat.bf16.received(global) == global)
    let own = try #require(result(LocalOnly()).personal[2]?[0][name])
    #expect(WireFormat.bf16.received(own) != own)
  }
}
