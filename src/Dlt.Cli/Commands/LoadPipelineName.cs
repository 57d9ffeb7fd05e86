namespace Dlt.Cli.Commands;

/// <summary>The pipeline of the loads into a dataset: its name can be a folder's, whatever the dataset is called.</summary>
internal static class LoadPipelineName
{
    private const string NotInFolders = ".%{}<>:\"/\\|?*";

    public static string Of(string dataset) =>
        "load_" + string.Concat(dataset.Select(c => NotInFolders.Contains(c) || char.IsControl(c) ? '_' : c));
}
