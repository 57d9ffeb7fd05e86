using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// The shared files of AWS are read at login, not when the settings are resolved: the region comes from them then, and so does the error
/// of an unknown profile.
/// </summary>
internal sealed class AwsFilesAtLogin() : Difference("aws-files-at-login")
{
    public override bool AppliesTo(GoldenCase golden)
    {
        if (!SettingsText.IsSettings(golden) || (golden["aws_config"] is null && golden["aws_credentials"] is null)) return false;
        if (ErrorOutcome.IsError(golden.Expected)) return golden.Expected["error"]!.AsString() == "ProfileNotFound";
        return Credentials(golden)?["region_name"] is { Kind: JsonKind.String } && SettingsText.Value(golden, "region_name") is null;
    }

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        if (ErrorOutcome.IsError(golden.Expected))
        {
            var profile = JsonValue.Object(("profile_name", SettingsText.Value(golden, "profile_name") ?? JsonValue.Null));
            return [
                golden.WithExpected(
                    JsonValue.Object(("resolved", SettingsText.Is(golden, "aws") ? profile : JsonValue.Object(("credentials", profile)))))];
        }

        var resolved = golden.Expected["resolved"]!;
        var without = Credentials(golden)!.With("region_name", JsonValue.Null);
        return [
            golden.WithExpected(
                golden.Expected.With("resolved", resolved["credentials"] is null ? without : resolved.With("credentials", without)))];
    }

    private static JsonValue? Credentials(GoldenCase golden) =>
        golden.Expected["resolved"] is { } resolved ? resolved["credentials"] is { Kind: JsonKind.Object } block ? block : resolved : null;
}
