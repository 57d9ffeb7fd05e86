namespace Dlt.Aws;

/// <summary>
/// Where the values of <see cref="AwsCredentialOptions"/> come from. Errors name the setting in these words, so that the reader finds the
/// line to change. This one describes options that a program sets; whoever reads them from a file derives one of its own.
/// </summary>
/// <remarks>The parameter <c>member</c> is the name of a member, such as <c>nameof(AwsCredentialOptions.ProfileName)</c>.</remarks>
public class AwsCredentialOrigin
{
    /// <summary>Options that a program sets.</summary>
    public static AwsCredentialOrigin Code { get; } = new();

    /// <summary>The group of the settings, such as <c>[destination.athena.credentials]</c>.</summary>
    public virtual string Name => nameof(AwsCredentialOptions);

    /// <summary>The file where the settings belong; null for none.</summary>
    public virtual string? File => null;

    /// <summary>What to do for a run that needs no AWS account, such as "add --local to run without an AWS account"; null where there
    /// is no such way.</summary>
    public virtual string? WithoutAccount => null;

    /// <summary>The setting of a member, such as <c>aws_access_key_id</c>.</summary>
    public virtual string KeyOf(string member) => member;

    /// <summary>The place of a setting that is set; where it belongs, if it is not set.</summary>
    public virtual string PlaceOf(string member) => HomeOf(member);

    /// <summary>Where a setting belongs: <c>RegionName of AwsCredentialOptions</c>.</summary>
    public virtual string HomeOf(string member) => $"{KeyOf(member)} of {Name}";

    /// <summary>The end of a sentence; empty where a run needs an account.</summary>
    internal string OrWithoutAccount => WithoutAccount is { } advice ? ", or " + advice : "";

    /// <summary>The place of a setting together with the group that it belongs to.</summary>
    internal string LocationOf(string member) =>
        PlaceOf(member) is var place && place.Contains(Name, StringComparison.Ordinal) ? place : $"{place} (block {Name})";
}
