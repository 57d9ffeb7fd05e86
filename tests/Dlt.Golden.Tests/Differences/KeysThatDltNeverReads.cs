using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>Keys that dlt's documentation shows, and that its code never reads, are read.</summary>
internal sealed class KeysThatDltNeverReads() : Difference("keys-that-dlt-never-reads")
{
    private static readonly (string Key, string Field)[] Synonyms = [
        ("workgroup", "athena_work_group"), ("work_group", "athena_work_group"), ("conn_properties", "connection_params"),
            ("aws_profile", "profile_name")];

    public override bool AppliesTo(GoldenCase golden) =>
        (SettingsText.Is(golden, "athena") || SettingsText.Is(golden, "filesystem") || SettingsText.Is(golden, "aws"))
            && golden.Expected["resolved"] is { } resolved
            && Synonyms.Any(s => SettingsText.Mentions(golden, s.Key) && Field(resolved, s.Field) is { IsNull: true });

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var resolved = golden.Expected["resolved"]!;
        foreach (var (key, field) in Synonyms)
        {
            var value = SettingsText.Value(golden, key) ?? SettingsText.Table(golden, key);
            if (value is null || Field(resolved, field) is not { IsNull: true }) continue;
            resolved = resolved[field] is not null ? resolved.With(field, value)
                : resolved.With("credentials", resolved["credentials"]!.With(field, value));
        }

        yield return golden.WithExpected(golden.Expected.With("resolved", resolved));
    }

    private static JsonValue? Field(JsonValue resolved, string field) =>
        resolved[field] ?? (resolved["credentials"] is { Kind: JsonKind.Object } credentials ? credentials[field] : null);
}
