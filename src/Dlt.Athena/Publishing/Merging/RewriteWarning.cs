using System.Globalization;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Warns of a merge that writes many bytes again.</summary>
internal static class RewriteWarning
{
    private const double GibiByte = 1L << 30;

    /// <summary>Size of the files from which a merge warns.</summary>
    private const long Limit = 10L << 30;

    /// <summary>Warns if the files are large.</summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="files">The files that the merge writes again without some rows.</param>
    /// <param name="warn">Receives the warning.</param>
    public static void Check(string table, IReadOnlyList<DataFile> files, Action<string> warn)
    {
        var bytes = files.Sum(f => f.FileSizeInBytes);
        if (bytes < Limit) return;
        warn($"The merge of table '{table}' writes {files.Count} {(files.Count == 1 ? "file" : "files")} again, "
            + string.Create(CultureInfo.InvariantCulture, $"{bytes / GibiByte:0.#} GiB. ")
            + "Partition the table by a column of the key, merge rows of fewer keys, or set the table property write.merge.mode to "
            + "merge-on-read, which writes the positions of the old rows only.");
    }
}
