using Dlt.Aws;

namespace Dlt.Destinations.Settings;

/// <summary>
/// Warns when only one of the two credential blocks names a login. As in dlt, the other one signs with the default chain, which may be
/// another identity.
/// </summary>
internal static class LoginMismatch
{
    /// <summary>The warning; null if both blocks name a login, or none does.</summary>
    public static string? Warning(AthenaSettings settings)
    {
        var (files, athena) = (settings.FilesystemCredentials, settings.AthenaCredentials);
        if (NamesLogin(files) == NamesLogin(athena)) return null;
        var (named, other) = NamesLogin(athena) ? (athena, files) : (files, athena);
        return $"{other.Origin.Name} names no login, so {What(other == files)} with the default chain of AWS, while "
            + $"{What(other == athena)} as {named.Origin.Name} says. Name the login in both blocks, unless that is intended.";
    }

    private static bool NamesLogin(AwsCredentialOptions settings) => settings is not
    { ProfileName: null, AccessKeyId: null, Credentials: null, RoleArn: null };

    private static string What(bool isFiles) => isFiles ? "S3 is signed" : "Athena and Glue are signed";
}
