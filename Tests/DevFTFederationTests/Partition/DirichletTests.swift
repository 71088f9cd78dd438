import DevFTTensor
import Foundation
import Testing

@testable import DevFTFederation

@Suite("Dirichlet draws")
struct DirichletTests {
  @Test(
    "rounds shares by largest remainder to the exact total",
    arguments: [
      ([0.5, 0.3, 0.2], 10, [5, 3, 2]), ([0.5, 0.3, 0.2], 7, [4, 2, 1]),
      ([0.25, 0.25, 0.25, 0.25], 6, [2, 2, 1, 1]), ([1, 0], 3, [3, 0]), ([0.4, 0.6], 0, [0, 0]),
    ]
  )
  func largestRemainder(_ proportions: [Double], total: Int, expected: [Int]) {
    #expect(wholeShares(of: total, proportions: proportions) == expected)
  }

  @Test("has the mean and variance of Gamma", arguments: [0.05, 0.5, 1, 3.7])
  func gammaMoments(shape: Double) {
    var stream = RandomStream(seed: 5, purpose: "gamma")
    let draws = (0..<200_000).map { _ in exp(stream.nextLogGamma(shape: shape)) }
    let mean = draws.reduce(0, +) / Double(draws.count)
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(draws.count)
    #expect(isClose(mean, shape, within: 0.05))
    #expect(isClose(variance, shape, within: 0.1))
  }

  @Test("has the variance of Dirichlet and adds up to 1", arguments: [0.1, 1, 10])
  func dirichletMoments(alpha: Double) {
    var stream = RandomStream(seed: 9, purpose: "dirichlet")
    let firsts = (0..<20_000).map { _ in
      let proportions = stream.nextDirichlet(alpha: alpha, count: 4)
      #expect(isClose(proportions.reduce(0, +), 1, within: Tolerance.doubleSums))
      return proportions[0]
    }
    let mean = firsts.reduce(0, +) / Double(firsts.count)
    let variance = firsts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(firsts.count)
    #expect(isClose(mean, 0.25, within: 0.05))
    #expect(isClose(variance, 0.1875 / (4 * alpha + 1), within: 0.05))
  }

  @Test("stays a distribution where each Gamma draw alone is below any Double")
  func tinyAlpha() {
    var stream = RandomStream(seed: 2, purpose: "dirichlet")
    let proportions = stream.nextDirichlet(alpha: 1e-6, count: 5)
    #expect(proportions.max() == 1 && proportions.reduce(0, +) == 1)
  }

  @Test("small alpha concentrates a label on few clients, large alpha spreads it")
  func concentration() throws {
    func largestShare(_ alpha: Double) throws -> Double {
      let labels: [String?] = (0..<1000).map { "label-\($0 % 10)" }
      let partition = try Partition(
        .dirichlet(field: "label", alpha: alpha),
        exampleCount: 1000,
        fieldValues: labels,
        clientCount: 8,
        seed: 3
      )
      let shares = (0..<10).map { label in
        partition.clients.map { $0.examples.filter { $0 % 10 == label }.count }.max() ?? 0
      }
      return Double(shares.reduce(0, +)) / 1000
    }
    #expect(try largestShare(0.1) > 0.5)
    #expect(try largestShare(1000) < 0.2)
  }
}
