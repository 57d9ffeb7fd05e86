using Dlt.Configuration;

namespace Dlt;

/// <summary>Folders of a run and the environment they come from (dlt documentation, Configuration).</summary>
/// <param name="RunFolder">Holds <c>.dlt</c>; the current folder unless DLT_PROJECT_DIR says otherwise.</param>
/// <param name="GlobalFolder">Settings and working folders of the user.</param>
/// <param name="Environment">Reads an environment variable.</param>
public sealed record RunContext(string RunFolder, string GlobalFolder, Func<string, string?> Environment)
{
    private const string DefaultProfile = "dev";

    /// <summary>Names of the environment's variables, where they can be listed.</summary>
    internal IReadOnlyCollection<string> EnvironmentNames { get; init; } = [];

    /// <summary>The context of this process.</summary>
    public static RunContext Current() => Of(Directory.GetCurrentDirectory(), System.Environment.GetEnvironmentVariable) with
    {
        EnvironmentNames = [.. System.Environment.GetEnvironmentVariables().Keys.Cast<string>()],
    };

    /// <summary>The context of a folder and an environment.</summary>
    public static RunContext Of(string currentFolder, Func<string, string?> environment)
    {
        var run = Path.GetFullPath(environment("DLT_PROJECT_DIR") is { Length: > 0 } project ? project : ".", currentFolder);
        return new(run, GlobalFolderOf(environment), environment);
    }

    /// <summary>The folder with the settings files.</summary>
    public string SettingsFolder => Path.Combine(RunFolder, Environment("DLT_CONFIG_FOLDER") is { Length: > 0 } name ? name : ".dlt");

    /// <summary>True in a folder with the marker of a workspace, where profiles are on.</summary>
    public bool IsWorkspace => File.Exists(Path.Combine(SettingsFolder, ".workspace"));

    /// <summary>The active profile of a workspace; null outside of one.</summary>
    public string? Profile
    {
        get
        {
            if (!IsWorkspace) return null;
            if (Environment("WORKSPACE__PROFILE") is { Length: > 0 } chosen) return chosen;
            var pin = Path.Combine(SettingsFolder, "profile-name");
            return File.Exists(pin) && File.ReadLines(pin).FirstOrDefault()?.Trim() is { Length: > 0 } pinned ? pinned : DefaultProfile;
        }
    }

    /// <summary>Where pipelines keep their working folders.</summary>
    public string PipelinesFolder => Profile is { } profile
        ? Path.Combine(SettingsFolder, "state", profile)
        : Path.Combine(Environment("DLT_DATA_DIR") is { Length: > 0 } data ? Path.GetFullPath(data, RunFolder) : GlobalFolder, "pipelines");

    /// <summary>The settings files of a name, the ones that win first.</summary>
    public IReadOnlyList<string> SettingsFiles(string name)
    {
        string[] names = Profile is { } profile ? [$"{profile}.{name}", name] : [name];
        return [.. names.Select(n => Path.Combine(SettingsFolder, n)), .. names.Select(n => Path.Combine(GlobalFolder, n))];
    }

    private static string GlobalFolderOf(Func<string, string?> environment)
    {
        if (System.Environment.UserName == "root" && !OperatingSystem.IsWindows()) return "/var/dlt";
        var home = System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile);
        if (home.Length == 0) return Path.Combine(Path.GetTempPath(), "dlt");
        var folder = Path.Combine(home, ".dlt");
        return environment("XDG_DATA_HOME") is { Length: > 0 } data && !Directory.Exists(folder) ? Path.Combine(data, "dlt") : folder;
    }
}
