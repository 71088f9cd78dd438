import Testing

@testable import DevFTRuntime

@Suite("Costs of a study's cells beside its reference")
struct StudyRatiosTests {
  @Test("ratios seed by seed, those that never reach the target told of")
  func ratios() throws {
    let target = Study.Target.reference(cell: "FedIT")
    let table = SampleStudy.table(target: target)
    let ratios = try #require(StudyRatios(table, target: target, results: SampleStudy.results))
    #expect(ratios.reference == "FedIT" && ratios.table.rows.count == 1)
    let row = Dictionary(uniqueKeysWithValues: zip(ratios.table.head, ratios.table.rows[0]))
    // Seed 1: the target 2 at round 1 of 2; seed 2: 3 at round 1 of FedIT, which ends worse, never here.
    #expect(row["time to target"] == "0.500 × (1 of 2)")
    #expect(row["bytes to target"] == "0.500 × (1 of 2)")
    #expect(row["device time"] == "1.000 ± 0.000 ×")
    #expect(row["operations"] == "–")
    // 1.5 − 2 and 3.5 − 3.
    #expect(row["loss at equal time"] == "0.0000 ± 0.7071")
  }

  @Test("the loss is taken where the shorter run ends")
  func equalTime() {
    let short = SampleStudy.result("short", seed: 1, losses: [4, 2])
    let long = SampleStudy.result("long", seed: 1, losses: [4, 3, 1])
    #expect(short.loss(lessThat: long) == -1)
    #expect(long.loss(lessThat: short) == 1)
  }

  @Test("without a reference there is nothing to stand beside")
  func noReference() {
    let table = SampleStudy.table(target: .loss(2))
    #expect(StudyRatios(table, target: .loss(2), results: SampleStudy.results) == nil)
  }
}
