using Dlt.Configuration;

namespace Dlt.Aws;

/// <summary>
/// Who calls AWS, and where. Keys count before a profile, a profile before the default chain of the AWS SDK (environment, shared files,
/// single sign-on, role of the container or machine). Credentials that expire renew themselves.
/// </summary>
public sealed record AwsCredentialOptions
{
    /// <summary>The access key; comes with <see cref="SecretAccessKey"/>.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>The secret of the access key.</summary>
    public string? SecretAccessKey { get; init; }

    /// <summary>The token of a session, with both keys.</summary>
    public string? SessionToken { get; init; }

    /// <summary>A profile of the shared files of AWS; null for that of <c>AWS_PROFILE</c>, else <c>default</c>.</summary>
    public string? ProfileName { get; init; }

    /// <summary>A region such as <c>eu-central-1</c>; null for that of <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c> or the profile.</summary>
    public string? RegionName { get; init; }

    /// <summary>The address of a service that speaks the protocol of AWS, such as <c>http://localhost:9000</c>; null for AWS, unless
    /// <c>AWS_ENDPOINT_URL</c> or the profile names another.</summary>
    public string? EndpointUrl { get; init; }

    /// <summary>Where these values come from, for errors.</summary>
    public AwsCredentialOrigin Origin { get; init; } = AwsCredentialOrigin.Code;

    /// <summary>What may be shown: no secret, no token.</summary>
    public override string ToString()
    {
        var url = EndpointUrl is null ? "" : SafeUrl.Of(EndpointUrl);
        return $"{nameof(AwsCredentialOptions)} {{ {ProfileName ?? AccessKeyId ?? "default chain"}, {RegionName}, {url} }}";
    }

    /// <summary>True: both sign in as one.</summary>
    internal bool IsSameLogin(AwsCredentialOptions other) =>
        AccessKeyId == other.AccessKeyId && SecretAccessKey == other.SecretAccessKey && SessionToken == other.SessionToken
        && ProfileName == other.ProfileName && EndpointUrl is null == other.EndpointUrl is null;
}
