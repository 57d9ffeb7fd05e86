using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Identity;

namespace Dlt.Aws;

/// <summary>
/// Finds the account that calls count for, without a call. AWS limits calls by account, region and operation, so logins of one account
/// share their rate.
/// </summary>
internal static class CallAccount
{
    private const int KeyLength = 20;
    private const int PrefixLength = 4;
    private const int Letters = 10;
    private const int LetterBits = Letters * 5;
    private const int AccountBits = 40;
    private const ulong HighestAccount = 999_999_999_999;

    /// <summary>Returns the account of the credentials that sign a request; the name of the login when they do not show it.</summary>
    public static async ValueTask<string> OfAsync(BaseIdentity? identity, AwsCredentialOptions login)
    {
        if (identity is not AWSCredentials credentials) return login.LoginName;
        var keys = await credentials.GetCredentialsAsync().ConfigureAwait(false);
        return keys?.AccountId is { Length: > 0 } known ? known : OfKey(keys?.AccessKey) ?? OfRole(login.RoleArn) ?? login.LoginName;
    }

    /// <summary>
    /// Returns the account in an access key id: bits 1 to 40 of the letters after <c>AKIA</c> or <c>ASIA</c>, in base 32. Ids that AWS made
    /// before 2019 have no account; their first bit is 0.
    /// </summary>
    /// <returns>Twelve digits; null for an id without an account.</returns>
    public static string? OfKey(string? accessKeyId)
    {
        if (accessKeyId is not { Length: KeyLength } || !accessKeyId.StartsWith('A')) return null;
        ulong bits = 0;
        foreach (var letter in accessKeyId.AsSpan(PrefixLength, Letters))
        {
            if (ValueOf(letter) is not { } value) return null;
            bits = (bits << 5) | value;
        }

        var hasAccount = bits >> (LetterBits - 1) == 1;
        var account = (bits >> (LetterBits - 1 - AccountBits)) & ((1UL << AccountBits) - 1);
        return hasAccount && account <= HighestAccount ? account.ToString("D12", CultureInfo.InvariantCulture) : null;
    }

    private static string? OfRole(string? arn) => arn?.Split(':') is [_, _, _, _, { Length: > 0 } account, ..] ? account : null;

    private static uint? ValueOf(char letter) => letter switch
    {
        >= 'A' and <= 'Z' => (uint)(letter - 'A'),
        >= '2' and <= '7' => (uint)(letter - '2' + 26),
        _ => null,
    };
}
