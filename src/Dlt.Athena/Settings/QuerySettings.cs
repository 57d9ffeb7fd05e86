using System.Collections.Immutable;
using Dlt.Aws;
using Dlt.Configuration;

namespace Dlt.Destinations.Settings;

/// <summary>
/// Reads <c>connection_params</c>, which dlt hands to PyAthena: how queries run and how their results are written
/// (docs/spec/athena-destination.md 1.2).
/// </summary>
internal static class QuerySettings
{
    /// <summary>Members with an effect.</summary>
    public static readonly ImmutableArray<string> Supported =
    [
        "poll_interval", "encryption_option", "kms_key", "expected_bucket_owner", "acl_option", "result_reuse_enable",
        "result_reuse_minutes", "role_arn", "external_id", "role_session_name",
    ];

    private static readonly ImmutableArray<string> Encryptions = ["SSE_S3", "SSE_KMS", "CSE_KMS"];

    private static readonly ImmutableArray<string> Acls = ["BUCKET_OWNER_FULL_CONTROL"];

    /// <summary>Minutes that PyAthena allows a result to be old.</summary>
    private const int ReuseMinutes = 60;

    /// <summary>Minutes that Athena allows it to be: seven days (Amazon Athena API, ResultReuseByAgeConfiguration).</summary>
    private const int MostReuseMinutes = 10080;

    /// <summary>Reads how queries run.</summary>
    /// <param name="section">Dotted name of the section of the destination.</param>
    /// <param name="athena">Its settings.</param>
    /// <exception cref="ConfigurationException">A value does not fit.</exception>
    public static QueryOptions Read(string section, ResolvedConfiguration athena)
    {
        var map = MapOf(section, athena);
        var options = new QueryOptions
        {
            PollInterval = map.Positive("poll_interval") is { } seconds ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : null,
            ResultEncryption = map.Choice("encryption_option", Encryptions),
            ResultKmsKey = map.Text("kms_key"),
            ResultBucketOwner = map.Text("expected_bucket_owner"),
            ResultAcl = map.Choice("acl_option", Acls),
            ResultReuse = map.Bool("result_reuse_enable") == true
                ? TimeSpan.FromMinutes(Math.Floor(Math.Min(map.Positive("result_reuse_minutes") ?? ReuseMinutes, MostReuseMinutes)))
                : null,
        };
        if (options is { ResultEncryption: "SSE_KMS" or "CSE_KMS", ResultKmsKey: null })
            throw map.Wrong("kms_key", $"set, and encryption_option is {options.ResultEncryption}");
        if (options is { ResultEncryption: null or "SSE_S3", ResultKmsKey: not null })
            throw map.Wrong("encryption_option", "SSE_KMS or CSE_KMS, and kms_key is set");
        return options;
    }

    /// <summary>
    /// Adds to a login the role that queries assume. Tables are made by the same role, because dlt makes them by queries.
    /// </summary>
    /// <exception cref="ConfigurationException">Both name a role.</exception>
    public static AwsCredentialOptions Assume(AwsCredentialOptions login, string section, ResolvedConfiguration athena)
    {
        var map = MapOf(section, athena);
        if (map.Text("role_arn") is not { } role) return login;
        if (login.RoleArn is not null && login.RoleArn != role)
            throw map.Wrong("role_arn", $"the role_arn of [{section}.credentials], and only one role can be assumed");
        return login with
        {
            RoleArn = role,
            ExternalId = map.Text("external_id"),
            RoleSessionName = map.Text("role_session_name"),
        };
    }

    private static SettingMap MapOf(string section, ResolvedConfiguration athena) =>
        new(section + ".connection_params", athena.Values["connection_params"]);
}
