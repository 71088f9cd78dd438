// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]
/// Settings of the modules that touch pointers: every such call carries the word `unsafe`.
let pointers = house + [.strictMemorySafety()]

let package = Package(
  name: "devft",
  products: [
    .executable(name: "devft", targets: ["devft"]),
    .library(name: "DevFT", targets: ["DevFTRuntime"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C and system libraries
    .target(name: "CDevFTKernels", cSettings: [.unsafeFlags(["-O3"])]),
    .target(
      name: "COneDNN",
      dependencies: ["CDevFTKernels"],
      linkerSettings: [.linkedLibrary("dnnl"), .linkedLibrary("gomp")]
    ),
    .systemLibrary(
      name: "CLAPACKE",
      providers: [.apt(["liblapacke-dev"])]
    ),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    // The library, bottom up
    .target(
      name: "DevFTTensor",
      dependencies: ["CDevFTKernels", "COneDNN"],
      swiftSettings: pointers
    ),
    .target(
      name: "DevFTFormats",
      dependencies: ["DevFTTensor", "CDevFTKernels", "CZlib"],
      swiftSettings: pointers
    ),
    .target(
      name: "DevFTModel",
      dependencies: ["DevFTFormats", "DevFTTensor"],
      swiftSettings: house
    ),
    .target(
      name: "DevFTTraining",
      dependencies: ["DevFTModel", "DevFTFormats", "DevFTTensor"],
      swiftSettings: house
    ),
    .target(
      name: "DevFTStages",
      dependencies: ["DevFTTensor", "CLAPACKE"],
      swiftSettings: pointers
    ),
    .target(
      name: "DevFTFederation",
      dependencies: ["DevFTTensor", "CLAPACKE"],
      swiftSettings: pointers
    ),
    .target(
      name: "DevFTEvaluation",
      dependencies: ["DevFTModel", "DevFTFormats", "DevFTTensor"],
      swiftSettings: house
    ),
    .target(
      name: "DevFTRuntime",
      dependencies: [
        "DevFTEvaluation", "DevFTFederation", "DevFTStages", "DevFTTraining", "DevFTModel",
        "DevFTFormats", "DevFTTensor",
        .product(name: "Yams", package: "Yams"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: house
    ),
    .target(
      name: "DevFTCommandLine",
      dependencies: [
        "DevFTRuntime", "DevFTFederation", "DevFTStages",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house
    ),
    .executableTarget(
      name: "devft",
      dependencies: [
        "DevFTCommandLine", "DevFTRuntime", "DevFTEvaluation", "DevFTFederation", "DevFTStages",
        "DevFTTraining",
        "DevFTModel", "DevFTFormats", "DevFTTensor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house
    ),
    // Tests
    .target(
      name: "_DevFTTestSupport",
      dependencies: ["DevFTFederation", "DevFTModel", "DevFTFormats", "DevFTTensor"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTTensorTests",
      dependencies: ["DevFTTensor", "CDevFTKernels", "_DevFTTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTFormatsTests",
      dependencies: ["DevFTFormats", "DevFTTensor", "_DevFTTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTModelTests",
      dependencies: ["DevFTModel", "DevFTFormats", "DevFTTensor", "_DevFTTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTTrainingTests",
      dependencies: [
        "DevFTTraining", "DevFTModel", "DevFTFormats", "DevFTTensor", "_DevFTTestSupport",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTStagesTests",
      dependencies: ["DevFTStages", "DevFTTensor", "_DevFTTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTFederationTests",
      dependencies: ["DevFTFederation", "DevFTTraining", "DevFTTensor", "_DevFTTestSupport"],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTEvaluationTests",
      dependencies: [
        "DevFTEvaluation", "DevFTTraining", "DevFTModel", "DevFTFormats", "DevFTTensor",
        "_DevFTTestSupport",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTRuntimeTests",
      dependencies: [
        "DevFTRuntime", "DevFTFederation", "DevFTStages", "DevFTModel", "DevFTFormats",
        "DevFTTensor",
        "_DevFTTestSupport",
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTEndToEndTests",
      // The program itself, so that it is built before the tests run it.
      dependencies: ["devft", "DevFTFormats", "DevFTTensor", "_DevFTTestSupport"],
      swiftSettings: house
    ),
  ],
  cLanguageStandard: .gnu17
)

// The network roles. Their libraries take minutes to fetch and build, so they are part of the package only
// when DEVFT_FLOWER is set, as `make build-flower` and `make test-flower` do.
if Context.environment["DEVFT_FLOWER"] != nil {
  package.products += [.executable(name: "devft-flower", targets: ["devft-flower"])]
  package.dependencies += [
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ]
  package.targets += [
    .target(
      name: "DevFTFlower",
      dependencies: [
        "DevFTRuntime", "DevFTFederation", "DevFTStages", "DevFTTensor", "CZlib",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: house
    ),
    .executableTarget(
      name: "devft-flower",
      dependencies: [
        "DevFTFlower", "DevFTCommandLine", "DevFTRuntime", "DevFTTensor",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house
    ),
    .testTarget(
      name: "DevFTFlowerTests",
      // The programs themselves, so that they are built before the tests run them.
      dependencies: [
        "devft", "devft-flower", "DevFTFlower", "DevFTRuntime", "DevFTFederation", "DevFTStages",
        "DevFTTensor", "_DevFTTestSupport",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: house
    ),
  ]
}
