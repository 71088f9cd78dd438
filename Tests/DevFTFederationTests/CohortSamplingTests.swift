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

  @Test("refuses a cohort that does not fit", arguments: [(5, 0), (5, 6), (0, 1), (5, -1)])
  func refusals(population: Int, cohort: Int) {
    let error = federationError {
      _ = try CohortSampling(populationCount: population, cohortCount: cohort, seed: 1)
    }
    #expect(error?.code == .invalidSetting)
  }
}
