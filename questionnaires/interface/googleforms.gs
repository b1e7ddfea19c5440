/**
 * Builds the questionnaire as a Google Form.
 * Open script.google.com, start a new project, paste this file in place of what is there, and run
 * createForm(). The address of the form appears under "Execution log".
 */
const QUESTIONNAIRE = /*QUESTIONNAIRE*/;

function createForm() {
  const form = FormApp.create(QUESTIONNAIRE.title);
  form.setTitle(QUESTIONNAIRE.title).setConfirmationMessage(QUESTIONNAIRE.thanks);
  form.setProgressBar(true).setCollectEmail(false);
  QUESTIONNAIRE.pages.forEach((page, k) => {
    if (k > 0) {
      form.addPageBreakItem().setTitle(page.title).setHelpText(page.text);
    } else {
      const text = [page.title, page.text].filter((part) => part).join("\n\n");
      form.setDescription(text);
    }
    page.questions.forEach((question) => addQuestion(form, question));
  });
  Logger.log("Edit:   " + form.getEditUrl());
  Logger.log("Answer: " + form.getPublishedUrl());
}

function addQuestion(form, question) {
  const item = ITEMS[question.type](form, question);
  item.setTitle(question.title).setRequired(question.required);
}

const ITEMS = {
  grid: (form, q) => form.addGridItem().setRows(q.rows).setColumns(q.columns),
  ranking: (form, q) => {
    const once = FormApp.createGridValidation().requireLimitOneResponsePerColumn().build();
    return form.addGridItem().setRows(q.rows).setColumns(q.columns).setValidation(once);
  },
  choice: (form, q) => {
    const item = form.addMultipleChoiceItem();
    if (q.accept.length === 0) return item.setChoiceValues(q.choices);
    const go = FormApp.PageNavigationType;
    return item.setChoices(q.choices.map((choice) =>
      item.createChoice(choice, q.accept.includes(choice) ? go.CONTINUE : go.SUBMIT)));
  },
  checkbox: (form, q) => {
    const item = form.addCheckboxItem().setChoiceValues(q.choices);
    const rule = FormApp.createCheckboxValidation();
    if (q.least !== null) item.setValidation(rule.requireSelectAtLeast(q.least).build());
    else if (q.most !== null) item.setValidation(rule.requireSelectAtMost(q.most).build());
    return item;
  },
  scale: (form, q) => form.addScaleItem().setBounds(q.lowest, q.highest)
    .setLabels(q.labels[0], q.labels[1]),
  number: (form, q) => {
    const item = form.addTextItem();
    const rule = FormApp.createTextValidation();
    if (q.lowest !== null && q.highest !== null) rule.requireNumberBetween(q.lowest, q.highest);
    else if (q.lowest !== null) rule.requireNumberGreaterThanOrEqualTo(q.lowest);
    else if (q.highest !== null) rule.requireNumberLessThanOrEqualTo(q.highest);
    else rule.requireNumber();
    return item.setValidation(rule.build());
  },
  date: (form, q) => form.addDateItem(),
  text: (form, q) => form.addTextItem(),
  paragraph: (form, q) => form.addParagraphTextItem(),
};
