import DevFTStages
import Foundation
import Testing

@Suite("Stage report")
struct ReportTests {
  @Test("norm ratio and cosine agree with NumPy; a single layer is its own representative")
  func golden() throws {
    let fixture = try DevFTStagesTests.golden("fusion.json", as: FusionGolden.self)
    var fusion = LayerFusion()
    fusion.beta = 0.15
    let report = try StageReport(
      stage: 2,
      groups: LayerGroups([fixture.group, [0], [3]]),
      fusion: fusion,
      source: fixture.source()
    )
    #expect(report.capacity == 3 && !report.isContiguous && report.sizes == [1, 3, 1])
    let group = report.groups[1]
    #expect(group.anchor == 1 && group.members == fixture.group)
    #expect(abs(group.anchorCoefficient - 0.7) < 1e-12)
    #expect(abs(group.normRatio - fixture.report.normRatio) < Tolerance.norm)
    #expect(abs(group.cosine - fixture.report.cosine) < Tolerance.norm)
    #expect(report.groups[0].normRatio == 1 && report.groups[0].cosine == 1)
  }

  @Test("a negative anchor weight shows as a cosine below 0")
  func turnedRound() throws {
    let source = try vectorLayers([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])
    var fusion = LayerFusion()
    fusion.beta = 0.5
    let report = try StageReport(
      stage: 1,
      groups: LayerGroups([[0, 1, 2, 3]]),
      fusion: fusion,
      source: source
    )
    // The representative is (−0.5, 0.5, 0.5).
    #expect(abs(report.groups[0].cosine + 1 / 3.0.squareRoot()) < Tolerance.norm)
    #expect(abs(report.groups[0].normRatio - 0.75.squareRoot()) < Tolerance.norm)
  }

  @Test("a report comes back from JSON as it was")
  func codable() throws {
    let source = try LayersInMemory((0..<4).map(smallLayer))
    let similarity = try SimilarityMatrix(of: source)
    let report = try StageReport(
      stage: 1,
      groups: LayerGroups([[0, 2], [1, 3]]),
      fusion: LayerFusion(),
      source: source,
      similarity: similarity
    )
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(StageReport.self, from: data) == report)
  }
}
