using System.Collections.Immutable;
using Dlt.Aws;
using Dlt.Configuration;

namespace Dlt.Destinations.Settings;

/// <summary>
/// Reads <c>kwargs</c>, <c>client_kwargs</c> and <c>config_kwargs</c> of the section of the bucket: dlt hands them to s3fs, boto3 and
/// botocore (docs/spec/athena-destination.md 1.4).
/// </summary>
internal static class StorageSettings
{
    /// <summary>Members of <c>kwargs</c> with an effect.</summary>
    public static readonly ImmutableArray<string> OfFiles = [Additional, "requester_pays"];

    /// <summary>Members of <c>client_kwargs</c> with an effect.</summary>
    public static readonly ImmutableArray<string> OfClient = ["verify"];

    /// <summary>Members of <c>config_kwargs</c> with an effect.</summary>
    public static readonly ImmutableArray<string> OfConfig =
        ["use_fips_endpoint", "use_dualstack_endpoint", "s3", .. ConnectionSettings.Names];

    private const string Additional = "s3_additional_kwargs";

    private static readonly ImmutableArray<string> OfObjects =
    [
        "ServerSideEncryption", "SSEKMSKeyId", "SSEKMSEncryptionContext", "BucketKeyEnabled", "ACL", "StorageClass", "Tagging", "Metadata",
        "RequestPayer", "ExpectedBucketOwner",
    ];

    private static readonly ImmutableArray<string> Encryptions = ["AES256", "aws:kms", "aws:kms:dsse"];

    private static readonly ImmutableArray<string> Acls =
    [
        "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read",
        "bucket-owner-full-control",
    ];

    /// <summary>Storage classes whose objects can be read at once.</summary>
    private static readonly ImmutableArray<string> StorageClasses =
    [
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "EXPRESS_ONEZONE",
    ];

    private static readonly ImmutableArray<string> Payers = ["requester"];

    private static readonly ImmutableArray<string> Styles = ["path", "virtual", "auto"];

    /// <summary>Reads what objects and requests get.</summary>
    /// <param name="section">Dotted name of the section.</param>
    /// <param name="files">Its settings.</param>
    /// <exception cref="ConfigurationException">A member is unknown, or its value does not fit.</exception>
    public static S3Options Read(string section, ResolvedConfiguration files)
    {
        var kwargs = MapOf(section, files, "kwargs");
        var objects = new SettingMap(kwargs.NameOf(Additional), kwargs.Map(Additional));
        RefuseCustomerKey(objects);
        objects.Only(OfObjects);
        var config = MapOf(section, files, "config_kwargs");
        var s3 = new SettingMap(config.NameOf("s3"), config.Map("s3"));
        s3.Only(["addressing_style", "use_accelerate_endpoint"]);
        var options = new S3Options
        {
            Connection = ConnectionSettings.Read(config),
            Encryption = objects.Choice("ServerSideEncryption", Encryptions),
            KmsKeyId = objects.Text("SSEKMSKeyId"),
            EncryptionContext = objects.Text("SSEKMSEncryptionContext"),
            UsesBucketKey = objects.Bool("BucketKeyEnabled"),
            Acl = objects.Choice("ACL", Acls),
            StorageClass = objects.Choice("StorageClass", StorageClasses),
            Tagging = objects.Text("Tagging"),
            Metadata = MetadataOf(objects),
            PaysRequests = kwargs.Bool("requester_pays") == true || objects.Choice("RequestPayer", Payers) is not null,
            ExpectedBucketOwner = objects.Text("ExpectedBucketOwner"),
            UsesAcceleration = s3.Bool("use_accelerate_endpoint") ?? false,
            UsesPathStyle = s3.Choice("addressing_style", Styles) switch
            {
                "path" => true,
                "virtual" => false,
                _ => null,
            },
        };
        if (options.KmsKeyId is not null && options.Encryption is null or "AES256")
            throw objects.Wrong("SSEKMSKeyId", "used, unless ServerSideEncryption is aws:kms or aws:kms:dsse");
        return options;
    }

    /// <summary>Adds to a login what these settings say about endpoints and certificates.</summary>
    /// <param name="login">The login of S3.</param>
    /// <param name="section">Dotted name of the section.</param>
    /// <param name="files">Its settings.</param>
    /// <exception cref="ConfigurationException">A value does not fit.</exception>
    public static AwsCredentialOptions Connect(AwsCredentialOptions login, string section, ResolvedConfiguration files)
    {
        var client = MapOf(section, files, "client_kwargs");
        var config = MapOf(section, files, "config_kwargs");
        return login with
        {
            CertificateBundle = BundleOf(client) ?? login.CertificateBundle,
            UsesFips = config.Bool("use_fips_endpoint") ?? login.UsesFips,
            UsesDualStack = config.Bool("use_dualstack_endpoint") ?? login.UsesDualStack,
        };
    }

    /// <summary>
    /// Returns a map under the name by which it is set: the bucket of a destination with a name may have its settings in
    /// <c>[destination.filesystem]</c>.
    /// </summary>
    private static SettingMap MapOf(string section, ResolvedConfiguration files, string key) =>
        new(files.HitOf(key) is { Provider: not EnvironmentProvider.ProviderName } hit ? hit.Key : $"{section}.{key}", files.Values[key]);

    private static string? BundleOf(SettingMap client)
    {
        if (client.Raw("verify") is not { } verify) return null;
        if (!ConfigurationValues.TryCoerce(verify, ConfigurationType.Bool, out var flag)) return client.Text("verify");
        return flag.AsBool() ? null : throw new ConfigurationException(
            $"{client.NameOf("verify")} is false, and certificates are always verified. Nothing was run. Name the file of a certificate "
            + "that is trusted instead, in PEM form.")
        { Fields = [client.NameOf("verify")] };
    }

    private static ImmutableDictionary<string, string> MetadataOf(SettingMap objects)
    {
        if (objects.Map("Metadata") is not { } map) return ImmutableDictionary<string, string>.Empty;
        var metadata = new SettingMap(objects.NameOf("Metadata"), map);
        return map.Members.Names.ToImmutableDictionary(n => n.ToLowerInvariant(), n => metadata.Text(n) ?? "");
    }

    private static void RefuseCustomerKey(SettingMap objects)
    {
        foreach (var key in new[] { "SSECustomerAlgorithm", "SSECustomerKey", "SSECustomerKeyMD5" })
        {
            if (objects.Text(key) is null) continue;
            throw new ConfigurationException($"{objects.NameOf(key)} is not supported: Athena cannot read objects that are encrypted with "
                + "a key of the client (SSE-C). Nothing was run. Use ServerSideEncryption = \"aws:kms\" with SSEKMSKeyId.")
            { Fields = [objects.NameOf(key)] };
        }
    }
}
