import DevFTStages
import Testing

@Suite("Growth of the capacities")
struct GrowthTests {
  @Test(
    "from an eighth by the published and the ablated factors",
    arguments: [
      (32, 2, [4, 8, 16, 32]), (32, 4, [4, 16, 32]), (32, 8, [4, 32]), (40, 2, [5, 10, 20, 40]),
      (40, 4, [5, 20, 40]), (40, 8, [5, 40]), (30, 4, [4, 15, 30]), (30, 8, [4, 30]),
      (6, 2, [1, 2, 3, 6]), (1, 8, [1]),
    ]
  )
  func factors(layers: Int, growth: Int, capacities: [Int]) {
    #expect(StageSchedule.growingCapacities(layerCount: layers, growth: growth) == capacities)
  }

  @Test(
    "from a capacity of one's own",
    arguments: [
      (1, 2, [1, 2, 4, 8, 16, 30]), (2, 4, [2, 8, 30]), (15, 2, [15, 30]), (20, 2, [20, 30]),
      (30, 2, [30]), (99, 2, [30]), (1, Int.max, [1, 30]),
    ]
  )
  func initial(initial: Int, growth: Int, capacities: [Int]) {
    let found = StageSchedule.growingCapacities(layerCount: 30, initial: initial, growth: growth)
    #expect(found == capacities)
  }

  @Test("is a schedule for every depth, and by 2 the published halves", arguments: 1...200)
  func everyDepth(layers: Int) throws {
    for growth in 2...9 {
      for initial in [nil, 1, 3, layers] {
        let capacities = StageSchedule.growingCapacities(
          layerCount: layers,
          initial: initial,
          growth: growth
        )
        _ = try StageSchedule(capacities: capacities, layerCount: layers, totalRounds: 200)
        if let initial { #expect(capacities[0] == min(initial, layers)) }
      }
    }
    let halves = [8, 4, 2, 1].map { (Double(layers) / $0).rounded() }.filter { $0 >= 1 }
    let expected = Set(halves.map(Int.init)).sorted()
    #expect(StageSchedule.doublingCapacities(layerCount: layers) == expected)
  }
}
