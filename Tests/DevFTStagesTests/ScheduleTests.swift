import DevFTStages
import DevFTTensor
import Foundation
import Testing

@Suite("Stage schedule")
struct ScheduleTests {
  @Test(
    "capacities double up to the full depth",
    arguments: [
      (1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (6, [1, 2, 3, 6]), (28, [4, 7, 14, 28]),
      (30, [4, 8, 15, 30]), (32, [4, 8, 16, 32]), (40, [5, 10, 20, 40]),
    ]
  )
  func doubling(layerCount: Int, capacities: [Int]) {
    #expect(StageSchedule.doublingCapacities(layerCount: layerCount) == capacities)
  }

  @Test("adapters of equal doubling stages cost 1/2.133 of plain federated rounds at 32 layers")
  func uplink() throws {
    let schedule = try StageSchedule(layerCount: 32, totalRounds: 40)
    #expect(schedule.uplinkRatio == 15.0 / 32)
    // The same from bytes: rank 2 on one 5-by-3 matrix in each layer, counted round by round.
    let layer = NamedTensors(["lora_A": Tensor(shape: [2, 3]), "lora_B": Tensor(shape: [5, 2])])
    let perLayer = 4 * layer.parameterCount
    let sent = (1...40).map { schedule.capacity(ofStage: schedule.stage(ofRound: $0)) * perLayer }
    #expect(sent.reduce(0, +) * 32 == 40 * 32 * perLayer * 15)
    #expect((1 / schedule.uplinkRatio * 1000).rounded() == 2133)
  }

  @Test("what does not divide goes to the last stages")
  func remainder() throws {
    let schedule = try StageSchedule(layerCount: 30, totalRounds: 42)
    #expect(schedule.roundCounts == [10, 10, 11, 11])
    #expect(schedule.totalRounds == 42)
    #expect((1...4).map(schedule.rounds(ofStage:)) == [1...10, 11...20, 21...31, 32...42])
  }

  @Test("each round has the stage whose rounds hold it", arguments: [4, 5, 6, 7, 40])
  func stageOfRound(totalRounds: Int) throws {
    let schedule = try StageSchedule(layerCount: 30, totalRounds: totalRounds)
    for stage in 1...4 {
      for round in schedule.rounds(ofStage: stage) {
        #expect(schedule.stage(ofRound: round) == stage)
      }
    }
    #expect(schedule.rounds(ofStage: 4).upperBound == totalRounds)
  }

  @Test(
    "capacities that do not grow to the full depth are refused",
    arguments: [[], [4, 8], [4, 4, 30], [8, 4, 30], [0, 30], [-2, 30], [15, 31]]
  )
  func refusals(capacities: [Int]) {
    let error = #expect(throws: StagesError.self) {
      try StageSchedule(capacities: capacities, layerCount: 30, totalRounds: 40)
    }
    #expect(error?.code == .invalidSchedule)
    #expect(error?.message.contains("30 layers; got \(capacities)") == true)
  }

  @Test("fewer rounds than stages are refused")
  func tooFewRounds() {
    #expect(throws: StagesError.self) { try StageSchedule(layerCount: 30, totalRounds: 3) }
  }

  @Test("a schedule comes back from JSON as it was")
  func codable() throws {
    let schedule = try StageSchedule(capacities: [3, 9], layerCount: 9, totalRounds: 5)
    let data = try JSONEncoder().encode(schedule)
    #expect(try JSONDecoder().decode(StageSchedule.self, from: data) == schedule)
  }
}
