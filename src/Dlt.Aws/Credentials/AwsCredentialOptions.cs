using Amazon.Runtime;
using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>
/// Login, region and endpoint for AWS. An object takes precedence over keys, keys over a profile, and a profile over the default chain of
/// the AWS SDK (environment, shared files, single sign-on, role of the container or machine). If a role is named, that login assumes it.
/// Temporary credentials are renewed automatically.
/// </summary>
public sealed record AwsCredentialOptions
{
    /// <summary>Access key id; requires <see cref="SecretAccessKey"/>.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>Secret access key; requires <see cref="AccessKeyId"/>.</summary>
    public string? SecretAccessKey { get; init; }

    /// <summary>Session token of temporary credentials; requires both keys.</summary>
    public string? SessionToken { get; init; }

    /// <summary>Profile in the shared files of AWS; null for that of <c>AWS_PROFILE</c>, else <c>default</c>.</summary>
    public string? ProfileName { get; init; }

    /// <summary>Credentials of the AWS SDK that the program makes itself; null for keys, a profile or the default chain.</summary>
    public AWSCredentials? Credentials { get; init; }

    /// <summary>ARN of a role that the login assumes, such as <c>arn:aws:iam::111122223333:role/loader</c>; null for none.</summary>
    public string? RoleArn { get; init; }

    /// <summary>External id that the trust policy of the role asks for; requires <see cref="RoleArn"/>.</summary>
    public string? ExternalId { get; init; }

    /// <summary>Name of the session in CloudTrail, 2 to 64 characters; <c>dlt</c> by default. Requires <see cref="RoleArn"/>.</summary>
    public string? RoleSessionName { get; init; }

    /// <summary>
    /// Region, such as <c>eu-central-1</c>; null for that of <c>AWS_REGION</c>, <c>AWS_DEFAULT_REGION</c> or the profile.
    /// </summary>
    public string? RegionName { get; init; }

    /// <summary>
    /// URL of a service that supports the protocol of AWS, such as <c>http://localhost:9000</c>; null for AWS, unless
    /// <c>AWS_ENDPOINT_URL</c> or the profile names another one.
    /// </summary>
    public string? EndpointUrl { get; init; }

    /// <summary>
    /// File of certificates in PEM form that are trusted instead of those of the system; null for that of <c>AWS_CA_BUNDLE</c>, else the
    /// system's.
    /// </summary>
    public string? CertificateBundle { get; init; }

    /// <summary>True for endpoints that are validated by FIPS 140; null as <c>AWS_USE_FIPS_ENDPOINT</c> or the profile says.</summary>
    public bool? UsesFips { get; init; }

    /// <summary>True for endpoints with IPv4 and IPv6; null as <c>AWS_USE_DUALSTACK_ENDPOINT</c> or the profile says.</summary>
    public bool? UsesDualStack { get; init; }

    /// <summary>Describes where these values come from, for errors.</summary>
    public AwsCredentialOrigin Origin { get; init; } = AwsCredentialOrigin.Code;

    /// <summary>The login without secrets: role, profile or access key id, region and endpoint.</summary>
    public override string ToString()
    {
        var url = EndpointUrl is null ? "" : SafeUrl.Of(EndpointUrl);
        return $"{nameof(AwsCredentialOptions)} {{ {LoginName}, {RegionName}, {url} }}";
    }

    /// <summary>Name of the login without secrets, the same for all clients that use it.</summary>
    internal string LoginName =>
        RoleArn ?? AccessKeyId ?? ProfileName ?? (Credentials is null ? "default chain" : Credentials.GetType().Name);

    /// <summary>True when both use the same login.</summary>
    internal bool IsSameLogin(AwsCredentialOptions other) =>
        AccessKeyId == other.AccessKeyId && SecretAccessKey == other.SecretAccessKey && SessionToken == other.SessionToken
        && ProfileName == other.ProfileName && ReferenceEquals(Credentials, other.Credentials)
        && RoleArn == other.RoleArn && ExternalId == other.ExternalId && RoleSessionName == other.RoleSessionName
        && EndpointUrl is null == other.EndpointUrl is null;
}
