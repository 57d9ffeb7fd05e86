using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Dlt.Destinations.Settings;

/// <summary>
/// File ids of pipeline states. They show their pipeline, so a listing of <c>_dlt_pipeline_state</c> tells the files of the pipelines apart
/// without reading them. Python dlt, which makes random ids, does not read them back.
/// </summary>
internal static class StateFileId
{
    private const int PrefixLength = 6;
    private const int IdLength = 10;

    /// <summary>Returns the id of a state file: the first digits follow from the pipeline, the others are those of the job.</summary>
    public static string Of(string pipeline, string fileId) =>
        fileId.Length == IdLength ? PrefixOf(pipeline) + fileId[PrefixLength..] : fileId;

    /// <summary>Returns a function that finds the state files of a pipeline by their keys.</summary>
    public static Func<string, bool> Finder(string pipeline)
    {
        var id = $"{PrefixOf(pipeline)}[0-9a-f]{{{IdLength - PrefixLength}}}";
        return new Regex($"(?<![0-9a-z]){id}(?![0-9a-z])", RegexOptions.CultureInvariant).IsMatch;
    }

    /// <summary>The first digit is a letter, because load ids consist of numbers.</summary>
    private static string PrefixOf(string pipeline)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(pipeline)));
        return (char)('a' + (hash[0] % 6)) + hash[1..PrefixLength];
    }
}
