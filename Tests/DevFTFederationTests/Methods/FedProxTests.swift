import DevFTFederation
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("FedProx")
struct FedProxTests {
  @Test("adds mu times the way from the round's start to each trained gradient")
  func gradient() throws {
    var options = MethodOptions()
    options.proximalWeight = 0.25
    let method = FedProx(MethodSettings(options: options))
    let (start, here) = (fixedAdapter(), fixedAdapter(phase: 2))
    let rule = method.localRule(for: task(client: 0, adapter: start))
    var gradients = fixedAdapter(phase: 5)
    let name = "self_attn.v_proj.lora_B.weight"
    gradients[1]["self_attn.q_proj.lora_A.weight"] = nil
    rule.addGradients(to: &gradients, at: here)
    let before = try #require(fixedAdapter(phase: 5)[1][name]).elements
    let (from, at) = (try #require(start[1][name]), try #require(here[1][name]))
    for (index, number) in try #require(gradients[1][name]).elements.enumerated() {
      #expect(number == before[index] + 0.25 * (at.elements[index] - from.elements[index]))
    }
    #expect(gradients[1].names.count == 3)
  }

  @Test("with a weight of zero, or at the start, changes no gradient")
  func nothing() {
    var options = MethodOptions()
    options.proximalWeight = 0
    let method = FedProx(MethodSettings(options: options))
    for (method, here) in [(method, fixedAdapter(phase: 2)), (FedProx(), fixedAdapter())] {
      var gradients = fixedAdapter(phase: 5)
      method.localRule(for: task(client: 0)).addGradients(to: &gradients, at: here)
      #expect(gradients == fixedAdapter(phase: 5))
    }
  }
}
