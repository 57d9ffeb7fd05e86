using System.Security.Cryptography;
using System.Text;

namespace Dlt.Cli.Commands;

/// <summary>Names the pipeline that loads into a dataset. The name can be used for a folder, and no two datasets share one.</summary>
internal static class LoadPipelineName
{
    private const string NotInFolders = ".%{}<>:\"/\\|?*";
    private const int TagBytes = 3;

    /// <summary>Name of the pipeline.</summary>
    /// <returns><c>load_</c> and the dataset's name; with 6 hex digits of its hash if a character had to be replaced.</returns>
    public static string Of(string dataset)
    {
        var name = "load_" + string.Concat(dataset.Select(c => NotInFolders.Contains(c) || char.IsControl(c) ? '_' : c));
        return name == "load_" + dataset
            ? name
            : $"{name}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataset)).AsSpan(0, TagBytes))}";
    }
}
