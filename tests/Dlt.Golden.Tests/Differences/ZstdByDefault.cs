using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>Files are compressed by zstd unless the settings say otherwise; dlt's default is snappy.</summary>
internal sealed class ZstdByDefault() : Difference("zstd-by-default")
{
    public override bool AppliesTo(GoldenCase golden) =>
        SettingsText.Is(golden, "parquet") && golden.Expected["resolved"]?["compression"] is { Kind: JsonKind.String } compression
            && compression.AsString() == "snappy" && !SettingsText.Mentions(golden, "compression");

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [golden.WithExpected(golden.Expected.With("resolved", golden.Expected["resolved"]!.With("compression", JsonValue.String("zstd"))))];
}
