import DevFTFederation
import Testing

@Suite("Cohort sampling")
struct CohortSamplingTests {
  @Test("draws without replacement, ascending, from the population", arguments: 1...64)
  func isSample(round: Int) throws {
    let sampling = try CohortSampling(populationCount: 20, cohortCount: 3, seed: 7)
    let cohort = sampling.cohort(round: round)
    #expect(cohort.count == 3 && cohort == Set(cohort).sorted())
    #expect(cohort.allSatisfy { (0..<20).contains($0) })
  }

  @Test("depends on seed and round alone and reaches everyone about equally often")
  func isSeededAndFair() throws {
    let sampling = try CohortSampling(populationCount: 20, cohortCount: 2, seed: 7)
    let other = try CohortSampling(populationCount: 20, cohortCount: 2, seed: 8)
    let cohorts = (1...2000).map { sampling.cohort(round: $0) }
    #expect(cohorts[..<50] == (1...50).map { sampling.cohort(round: $0) }[...])
    #expect(cohorts[..<50] != (1...50).map { other.cohort(round: $0) }[...])
    var counts: [Int] = Array(repeating: 0, count: 20)
    for client in cohorts.joined() { counts[client] += 1 }
    #expect(counts.allSatisfy { (140...260).contains($0) })
  }

  @Test("cohorts that grow are parts of those they grow to, stage by stage")
  func growth() throws {
    let growth = try CohortGrowth(counts: [1, 2, 5], roundCounts: [3, 1, 2], totalRounds: 6)
    let growing = try CohortSampling(populationCount: 9, cohortCount: 5, growth: growth, seed: 7)
    let whole = try CohortSampling(populationCount: 9, cohortCount: 5, seed: 7)
    let cohorts = (1...7).map { growing.cohort(round: $0) }
    #expect(cohorts.map(\.count) == [1, 1, 1, 2, 5, 5, 5])
    for (round, cohort) in zip(1..., cohorts) {
      #expect(Set(cohort).isSubset(of: whole.cohort(round: round)))
    }
    let equal = try CohortGrowth(counts: [1, 2, 4], roundCounts: nil, totalRounds: 8)
    #expect(equal.roundCounts == [2, 3, 3])
  }

  @Test(
    "refuses stages whose rounds do not add up",
    arguments: [([1, 2], [4, 3], 8), ([1, 2], [8], 8), ([1, 2], [8, 0], 8)]
  )
  func growthRefusals(counts: [Int], rounds: [Int], total: Int) {
    let error = federationError {
      _ = try CohortGrowth(counts: counts, roundCounts: rounds, totalRounds: total)
    }
    #expect(error?.code == .invalidSetting)
  }

  @Test("refuses a cohort that does not fit", arguments: [(5, 0), (5, 6), (0, 1), (5, -1)])
  func refusals(population: Int, cohort: Int) {
    let error = federationError {
      _ = try CohortSampling(populationCount: population, cohortCount: cohort, seed: 1)
    }
    #expect(error?.code == .invalidSetting)
  }
}
