import DevFTModel
import Testing

@testable import DevFTRuntime

@Suite("How a client's memory is spent")
struct MemoryPlanTests {
  private func choice(_ memory: MemoryConfiguration) throws -> MemoryPlan {
    try MemoryPlan.choose(memory) { plan in
      let weights = plan.weights == .expanded ? 500 : 200
      return weights + (plan.recomputation == .never ? 400 : 100)
    }
  }

  @Test("is the quickest way that fits the budget")
  func budget() throws {
    var memory = MemoryConfiguration()
    #expect(try choice(memory) == MemoryPlan(weights: .expanded, recomputation: .never))
    for (bytes, weights, recomputation) in [
      (900, "expanded", "never"), (899, "stored", "never"), (599, "stored", "always"),
    ] {
      memory.budget = ByteSize(byteCount: bytes)
      let plan = try choice(memory)
      #expect(plan.weights.rawValue == weights)
      #expect(plan.recomputation.rawValue == recomputation)
    }
  }

  @Test("heeds what is asked for")
  func wishes() throws {
    var memory = MemoryConfiguration()
    memory.recompute = .always
    #expect(try choice(memory) == MemoryPlan(weights: .stored, recomputation: .always))
    memory.weights = .expanded
    #expect(try choice(memory) == MemoryPlan(weights: .expanded, recomputation: .always))
  }

  @Test("says what is needed when nothing fits")
  func tooLittle() throws {
    var memory = MemoryConfiguration()
    memory.budget = ByteSize(byteCount: 200)
    #expect(throws: RunError.self) { try choice(memory) }
  }
}
